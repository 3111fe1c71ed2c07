-- Counts of people, by five minutes and by hour, so that no screen reads a row a second of each zone.
set search_path = phusa, public;

-- low, high, total (for the mean) and count are of what was counted (flag 1); `unknown`: frames in which nobody can say.
create table people_5m (
  at timestamptz not null,
  camera text not null,
  parameter text not null,
  low float8,
  high float8,
  total float8 not null,
  count bigint not null,
  unknown bigint not null,
  primary key (at, camera, parameter)
);
create table people_1h (like people_5m, primary key (at, camera, parameter));
insert into retention values ('people_5m', 400), ('people_1h', 1830);

-- Five minutes whose rows are not (yet) what people_5m says. What has no mark is rolled up: whoever wrote the rows.
create table dirty_people (at timestamptz, camera text, parameter text, primary key (at, camera, parameter));

create function mark_people() returns trigger language plpgsql security definer set search_path = phusa, public as $$
declare
  one record;
begin
  for one in
    select date_bin('5 minutes', o.at, '2000-01-01 00:00+07') as at, o.station, o.parameter from (
      select old.at, old.station, old.parameter where tg_op <> 'INSERT'
      union all select new.at, new.station, new.parameter where tg_op <> 'DELETE'
    ) o where o.parameter like 'people/%'
  loop
    -- Locked, so that the roll-up cannot take the mark before our row shows; an update would write it once a frame.
    perform from dirty_people d where d.at = one.at and d.camera = one.station and d.parameter = one.parameter for update;
    if not found then
      insert into dirty_people values (one.at, one.station, one.parameter)
        on conflict (at, camera, parameter) do update set at = excluded.at;
    end if;
  end loop;
  return null;
end $$;
create trigger people_came after insert on observation for each row
  when (new.parameter like 'people/%') execute function mark_people();
create trigger people_changed after update on observation for each row
  when (new.parameter like 'people/%' or old.parameter like 'people/%') execute function mark_people();
create trigger people_went after delete on observation for each row
  when (old.parameter like 'people/%') execute function mark_people();

insert into people_5m
  select date_bin('5 minutes', at, '2000-01-01 00:00+07'), station, parameter, min(value) filter (where flag = 1),
    max(value) filter (where flag = 1), coalesce(sum(value) filter (where flag = 1), 0), count(*) filter (where flag = 1),
    count(*) filter (where flag <> 1)
  from observation where parameter like 'people/%' group by 1, 2, 3;
insert into people_1h
  select date_bin('1 hour', at, '2000-01-01 00:00+07'), camera, parameter, min(low), max(high), sum(total), sum(count), sum(unknown)
  from people_5m group by 1, 2, 3;

-- The rows of marked five minutes, up to `last`, from the readings themselves. The bounds stand in the text, so that the
-- server looks into the chunks of those days only.
create function count_people(slots timestamptz[], cameras text[], parameters text[], last timestamptz)
returns setof people_5m language plpgsql stable set search_path = phusa, public as $$
declare
  first timestamptz := (select min(one) from unnest(slots) one);
  until timestamptz := (select max(one) from unnest(slots) one) + interval '5 minutes';
begin
  if first is null then
    return;
  end if;
  return query execute format($q$
    select t.at, t.camera, t.parameter, o.* from unnest($1, $2, $3) as t (at, camera, parameter)
    cross join lateral (
      select min(value) filter (where flag = 1), max(value) filter (where flag = 1), coalesce(sum(value) filter (where flag = 1), 0),
        count(*) filter (where flag = 1) as good, count(*) filter (where flag <> 1) as bad
      from observation o
      where o.station = t.camera and o.parameter = t.parameter and o.at >= t.at and o.at < t.at + interval '5 minutes'
        and o.at >= %L and o.at < %L and o.at <= $4
    ) o where o.good + o.bad > 0
  $q$, first, until) using slots, cameras, parameters, last;
end $$;

-- A day of marks at a time; returns how many were worked off. Marks that a writer holds are left to the next round.
create function roll_up_people(today timestamptz) returns bigint language plpgsql security definer
  set search_path = phusa, public as $$
declare
  kept timestamptz := today - (select make_interval(days => days) from retention where relation = 'observation');
  first timestamptz;
  slots timestamptz[];
  cameras text[];
  parameters text[];
begin
  delete from people_5m where at < today - (select make_interval(days => days) from retention where relation = 'people_5m');
  delete from people_1h where at < today - (select make_interval(days => days) from retention where relation = 'people_1h');
  -- Readings that were forgotten are no news: what was rolled up of them stays.
  delete from dirty_people where ctid in (select ctid from dirty_people where at < kept for update skip locked);
  first := (select min(at) from dirty_people);
  with taken as (
    delete from dirty_people where ctid in (
      select ctid from dirty_people where at < first + interval '1 day' for update skip locked
    ) returning at, camera, parameter
  )
  select array_agg(at), array_agg(camera), array_agg(parameter) into slots, cameras, parameters from taken;
  if slots is null then
    return 0;
  end if;
  delete from people_5m p using unnest(slots, cameras, parameters) as t (at, camera, parameter)
    where p.at = t.at and p.camera = t.camera and p.parameter = t.parameter;
  insert into people_5m select * from count_people(slots, cameras, parameters, 'infinity');
  with hours as (
    select distinct date_bin('1 hour', at, '2000-01-01 00:00+07') as at, camera, parameter
    from unnest(slots, cameras, parameters) as t (at, camera, parameter)
  ), gone as (
    delete from people_1h p using hours h where p.at = h.at and p.camera = h.camera and p.parameter = h.parameter
      and not exists (select from people_5m f where f.at >= h.at and f.at < h.at + interval '1 hour'
        and f.camera = h.camera and f.parameter = h.parameter)
  )
  insert into people_1h
    select h.at, h.camera, h.parameter, min(f.low), max(f.high), sum(f.total), sum(f.count), sum(f.unknown)
    from hours h join people_5m f on f.at >= h.at and f.at < h.at + interval '1 hour'
      and f.camera = h.camera and f.parameter = h.parameter
    group by 1, 2, 3
  on conflict (at, camera, parameter) do update set low = excluded.low, high = excluded.high, total = excluded.total,
    count = excluded.count, unknown = excluded.unknown;
  return cardinality(slots);
end $$;

-- How wide a bucket of people is in a window: never so narrow that a zone has much more than 300 of them.
create function people_width(since timestamptz, until timestamptz, width interval) returns interval
language sql immutable as $$
  select greatest(width, case
    when until - since <= interval '30 minutes' then interval '10 seconds'
    when until - since <= interval '26 hours' then interval '5 minutes'
    when until - since <= interval '8 days' then interval '30 minutes'
    when until - since <= interval '46 days' then interval '3 hours'
    when until - since <= interval '400 days' then interval '1 day'
    else interval '7 days' end)
$$;

-- People in each zone by buckets: lowest, mean and highest of what was counted, how often it was, and how often it was
-- unknown (a camera that stands still or cannot see). The first bucket is whole, the last ends at `until`: nothing of the
-- future. `width` is what is wished for; narrower than people_width it is widened, up to five minutes read from the
-- readings only in windows of half an hour, from roll-ups else, which give the same numbers.
create function people_buckets(since timestamptz, until timestamptz, width interval, only_cameras text[] default null)
returns table (at timestamptz, camera text, zone text, camera_name text, zone_name text, low float8, mean float8, high float8,
  count bigint, unknown bigint)
language plpgsql stable set search_path = phusa, public as $$
declare
  zero constant timestamptz := '2000-01-01 00:00+07';
  step interval := make_interval(secs => extract(epoch from people_width(since, until, width)));
  hourly boolean := step >= interval '1 hour';
  first timestamptz;
  edge timestamptz := date_bin('5 minutes', until, zero);
  slots timestamptz[];
  cameras text[];
  parameters text[];
begin
  if step < interval '5 minutes' then
    first := date_bin(step, since, zero);
    return query execute format($q$
      select b.at, b.station, z.zone, coalesce(c.name, b.station), coalesce(z.name, b.parameter), b.low, b.mean, b.high, b.good, b.bad
      from (
        select date_bin($1, o.at, $2) as at, o.station, o.parameter, min(value) filter (where flag = 1) as low,
          avg(value) filter (where flag = 1) as mean, max(value) filter (where flag = 1) as high,
          count(*) filter (where flag = 1) as good, count(*) filter (where flag <> 1) as bad
        from observation o join zone z on z.camera = o.station and z.parameter = o.parameter
        where o.at >= %L and o.at <= %L and ($3 is null or o.station = any($3))
        group by 1, 2, 3
      ) b
      left join zone z on z.camera = b.station and z.parameter = b.parameter left join camera c on c.id = b.station
      order by 1, 2, 3
    $q$, first, until) using step, zero, only_cameras;
    return;
  end if;
  -- Of whole hours where the buckets are of hours, else of whole five minutes.
  step := case when hourly then date_bin('1 hour', zero + step + interval '59 minutes', zero) - zero
    else date_bin('5 minutes', zero + step + interval '4 minutes 59 seconds', zero) - zero end;
  first := date_bin(step, since, zero);
  select array_agg(t.at), array_agg(t.camera), array_agg(t.parameter) into slots, cameras, parameters from (
    select d.at, d.camera, d.parameter from dirty_people d where d.at >= first and d.at <= until
    union
    select p.at, p.camera, p.parameter from people_5m p where p.at = edge
  ) t where only_cameras is null or t.camera = any(only_cameras);
  return query
    with raw as (select * from unnest(slots, cameras, parameters) as t (at, camera, parameter)),
    open_hour as (select distinct date_bin('1 hour', r.at, zero) as at, r.camera, r.parameter from raw r where hourly),
    parts as (
      select p.* from people_1h p
      where hourly and p.at >= first and p.at <= until
        and not exists (select from open_hour h where h.at = p.at and h.camera = p.camera and h.parameter = p.parameter)
        and p.at + interval '1 hour' <= edge
      union all
      -- Five minutes, of all of the window or of the hours that are not whole or not rolled up yet.
      select p.* from people_5m p
      where not hourly and p.at >= first and p.at < edge
        and not exists (select from raw r where r.at = p.at and r.camera = p.camera and r.parameter = p.parameter)
      union all
      select p.* from (
        select h.at, h.camera, h.parameter from open_hour h
        union select date_bin('1 hour', edge, zero), z.camera, z.parameter from people_1h z where hourly and z.at = date_bin('1 hour', edge, zero)
      ) h join people_5m p on p.at >= h.at and p.at < h.at + interval '1 hour' and p.camera = h.camera and p.parameter = h.parameter
      where p.at < edge and not exists (select from raw r where r.at = p.at and r.camera = p.camera and r.parameter = p.parameter)
      union all
      select * from count_people(slots, cameras, parameters, until)
    )
    select b.at, b.camera, z.zone, coalesce(c.name, b.camera), coalesce(z.name, b.parameter), b.low, b.total / nullif(b.good, 0), b.high,
      b.good, b.bad
    from (
      select date_bin(step, p.at, zero) as at, p.camera, p.parameter, min(p.low) as low, max(p.high) as high, sum(p.total) as total,
        sum(p.count)::bigint as good, sum(p.unknown)::bigint as bad
      from parts p where only_cameras is null or p.camera = any(only_cameras)
      group by 1, 2, 3
    ) b
    left join zone z on z.camera = b.camera and z.parameter = b.parameter left join camera c on c.id = b.camera
    order by 1, 2, 3;
end $$;
