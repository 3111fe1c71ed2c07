-- Drills: one goes on at a time. What is of a drill is marked on alert, event and notification, and named drill-N.
set search_path = phusa, public;

create table drill (
  id bigint generated always as identity primary key,
  scenario text not null,
  name text not null,
  -- Who alone is told; none: all whom it concerns. `real`: by the real gateways, else its messages stop before them.
  contacts text[] not null default '{}',
  real boolean not null default false,
  by_whom text not null,
  begun_at timestamptz not null,
  ended_at timestamptz,
  -- Why it ended.
  vi text,
  en text
);
create unique index drill_open on drill ((true)) where ended_at is null;

-- Whether what is told leaves this machine: what is real does; of a drill what is said to its contacts, if it is by the real gateways.
-- `name` is an alert or event of it; what belongs to no drill that is known stays here. `contact` null: the public.
create function goes_out(exercise boolean, name text, contact text) returns boolean language sql stable parallel safe as $$
  select not exercise or coalesce((
    select d.real and (d.contacts = '{}' or coalesce(goes_out.contact = any(d.contacts), false)) from phusa.drill d
    where d.id = substring(goes_out.name from '^drill-([0-9]+)')::bigint), false)
$$;

alter table alert add column exercise boolean not null default false;
create index alert_exercise on alert (alert) where exercise and cleared_at is null;

-- The alerts that are real. Whoever says how it is in the commune reads these; `alert` has the drills beside them.
create view real_alert as select * from alert where not exercise;

-- The functions of the screens are as they were but for that.
do $rewrite$
declare name text;
begin
  foreach name in array array['open_alerts_at', 'ladder_at', 'apart_at'] loop
    execute replace(pg_get_functiondef(('phusa.' || name)::regproc), 'phusa.alert a', 'phusa.real_alert a');
  end loop;
end $rewrite$;

create or replace view flood_alarm as
select a.alert, a.station, a.raised_at, a.peak_level, f.station as gauge, f.start_at, f.peak, f.end_at,
  f.start_at is not null as hit, extract(epoch from f.start_at - a.raised_at) / 3600 as lead_h
from real_alert a
left join lateral (
  select * from flood f
  where f.start_at <= a.raised_at + interval '24 hours' and coalesce(f.end_at, 'infinity') >= a.raised_at
  order by f.start_at limit 1
) f on true
where a.kind in ('flood', 'river');
