-- Water on screens: the newest picture of each camera that watches it, and the zones of which nothing can be known yet.
set search_path = phusa, public;

-- One row a camera; JPEG of at most 40 kB, people and plates pixelated, the zone's water drawn in (models/vision/newest.py).
create table camera_picture (
  camera text primary key,
  at timestamptz not null,
  jpeg bytea not null,
  caption text not null,
  kept_at timestamptz not null default now()
);

-- As 0002 made it; a picture of a camera that sends no more is forgotten with those of alerts.
create or replace function forget_pictures(today timestamptz) returns void language plpgsql security definer
  set search_path = phusa, public as $$
begin
  delete from snapshot where kept_at < today - (select make_interval(days => days) from retention where relation = 'snapshot');
  delete from camera_picture where kept_at < today - (select make_interval(days => days) from retention where relation = 'snapshot');
  delete from rejected where topic = 'frames'
    and at < today - (select make_interval(days => days) from retention where relation = 'rejected_frames');
end $$;

-- Cameras with a zone of water that nobody had taught by `t`.
create function untaught_at(t timestamptz) returns setof text language sql stable parallel safe as $$
  select distinct z.camera from phusa.zone z
  where z.kind = 'water' and not exists (
    select from phusa.teaching y where y.camera = z.camera and y.accepted and y.at <= t)
$$;

-- Zones that are not known and of which there is nothing to tell one by one; screens count them in a line. 'unsent': its camera has never sent anything.
-- 'untaught', 'unsure': of water, the camera works, and nobody taught it, or it is night or a light never seen dry. What went silent, blind or frozen
-- has an alert and is told by itself.
create function apart_at(t timestamptz) returns table (place text, camera text, why text) language sql stable as $$
  select p.place, p.camera,
    case when p.datum_at is null then 'unsent' when p.camera in (select phusa.untaught_at(t)) then 'untaught' else 'unsure' end
  from phusa.places_at(t) p
  join phusa.zone z on z.camera || '/' || z.zone = p.place
  where p.kind = 'zone' and not p.known
    and (p.datum_at is null or z.kind = 'water' and p.state in ('untrusted', 'blind'))
    and not exists (
      select from phusa.alert a join phusa.alert_kind k on k.code = a.kind join phusa.state s on s.code = k.state and not s.known
      where a.station = p.camera and a.raised_at <= t and (a.cleared_at is null or a.cleared_at > t)
        and (p.datum_at is not null or k.state <> 'silent'))
$$;
