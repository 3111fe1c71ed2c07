-- The record of floods at a gauge: one row a flood, told again as it grows and when it ends.
set search_path = phusa, public;

create table flood (
  station text not null,
  start_at timestamptz not null,
  peak_at timestamptz not null,
  peak float8 not null,
  end_at timestamptz,
  -- Seconds of it in which nothing was measured: the peak is then "at least".
  blind_s float8 not null,
  primary key (station, start_at)
);

-- What an alert said and why, as it was told: [{"vi": ..., "en": ...}, ...].
alter table alert_change add column evidence jsonb;

-- Places that flood; as the other places, loaded from the configuration.
create table flood_place (id text primary key, name text not null, hamlets text[] not null);
create or replace view place as
select id, name, hamlets from station union all select id, name, hamlets from camera
union all select code, name, array[hamlet] from merchant
union all select id, name, hamlets from flood_place;

-- The bookkeeping of alarms: each alert of flood witnesses against the floods of the gauges. It was right if a flood began within
-- 24 hours after it or was under way; the lead is negative when it came late.
create view flood_alarm as
select a.alert, a.station, a.raised_at, a.peak_level, f.station as gauge, f.start_at, f.peak, f.end_at,
  f.start_at is not null as hit, extract(epoch from f.start_at - a.raised_at) / 3600 as lead_h
from alert a
left join lateral (
  select * from flood f
  where f.start_at <= a.raised_at + interval '24 hours' and coalesce(f.end_at, 'infinity') >= a.raised_at
  order by f.start_at limit 1
) f on true
where a.kind in ('flood', 'river');
