-- Plain PostgreSQL: a commune stores a few thousand rows a day, so one table with a BRIN index on
-- time serves for years; daily partitions would be one more thing to fail for the part-time administrator.
create index observation_at on observation using brin (at);
-- Own roll-up: hours that got rows since the last look, also late ones, are computed anew.
create table observation_1h (
  hour timestamptz not null,
  station text not null,
  parameter text not null,
  mean float8,
  low float8,
  high float8,
  count bigint not null,
  primary key (station, parameter, hour)
);
create table dirty_hour (hour timestamptz, station text, parameter text, primary key (station, parameter, hour));

create function roll_up() returns bigint language plpgsql security definer set search_path = phusa, public as $$
declare
  hours timestamptz[];
  stations text[];
  parameters text[];
  touched bigint;
begin
  -- Two statements: the second one's snapshot sees the rows of every writer whose mark was taken.
  with taken as (delete from dirty_hour returning hour, station, parameter)
  select array_agg(hour), array_agg(station), array_agg(parameter) into hours, stations, parameters from taken;
  insert into observation_1h
    select t.hour, t.station, t.parameter, avg(o.value), min(o.value), max(o.value), count(o.value)
    from unnest(hours, stations, parameters) as t (hour, station, parameter)
    left join observation o on o.station = t.station and o.parameter = t.parameter and o.flag < 4
      and o.at >= t.hour and o.at < t.hour + interval '1 hour'
    group by t.hour, t.station, t.parameter
  on conflict (station, parameter, hour) do update
    set mean = excluded.mean, low = excluded.low, high = excluded.high, count = excluded.count;
  get diagnostics touched = row_count;
  return touched;
end $$;


create function forget(today timestamptz) returns void language plpgsql security definer set search_path = phusa, public as $$
begin
  delete from observation where at < today - (select make_interval(days => days) from retention where relation = 'observation');
  delete from rejected where at < today - (select make_interval(days => days) from retention where relation = 'rejected');
  delete from notification where created_at < today - (select make_interval(days => days) from retention where relation = 'notification');
end $$;

create function maintain(today timestamptz) returns bigint language sql security definer set search_path = phusa, public as $$
  select forget(today);
  select roll_up();
$$;

