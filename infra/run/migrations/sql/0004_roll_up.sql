-- Roll up a week of hours at a time. All at once, a replay of twelve years made one statement that ran for minutes, and
-- every writer that had one of its hours to mark waited for it.
create or replace function roll_up() returns bigint language plpgsql security definer set search_path = phusa, public as $$
declare
  first timestamptz := (select min(hour) from dirty_hour);
  until timestamptz := first + interval '7 days';
  hours timestamptz[];
  stations text[];
  parameters text[];
  touched bigint;
begin
  -- Two statements: the second one's snapshot sees the rows of every writer whose mark was taken.
  with taken as (delete from dirty_hour where hour >= first and hour < until returning hour, station, parameter)
  select array_agg(hour), array_agg(station), array_agg(parameter) into hours, stations, parameters from taken;
  insert into observation_1h
    select t.hour, t.station, t.parameter, o.mean, o.low, o.high, coalesce(o.count, 0)
    from unnest(hours, stations, parameters) as t (hour, station, parameter)
    left join (
      -- One pass over the week; hours that nobody marked are reckoned and dropped, they are few.
      select station, parameter, date_bin('1 hour', at, first) as hour,
        avg(value) as mean, min(value) as low, max(value) as high, count(value) as count
      from observation where at >= first and at < until and flag < 4
      group by 1, 2, 3
    ) o using (station, parameter, hour)
  on conflict (station, parameter, hour) do update
    set mean = excluded.mean, low = excluded.low, high = excluded.high, count = excluded.count;
  get diagnostics touched = row_count;
  return touched;
end $$;
