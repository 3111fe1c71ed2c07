-- Cameras: their zones, the pictures of their alerts, the ends that only frames have.
set search_path = phusa, public;

-- A frame may end still (nothing moved) or dropped (too old to be worth a look).
alter table source_offset add column still bigint not null default 0, add column dropped bigint not null default 0;

create table camera (id text primary key, name text not null, hamlets text[] not null, silent_after_s int not null);
create table zone (camera text, zone text, parameter text not null, name text not null, kind text not null,
  primary key (camera, zone));

-- The picture of the moment in which a crowd was told, every person in it pixelated.
create table snapshot (
  alert text not null,
  seq int not null,
  at timestamptz not null,
  camera text not null,
  people int not null,
  jpeg bytea not null,
  kept_at timestamptz not null default now(),
  primary key (alert, seq)
);

-- Engineering defaults: no law names a number of days for pictures.
insert into retention values ('snapshot', 14), ('rejected_frames', 7);

create function forget_pictures(today timestamptz) returns void language plpgsql security definer
  set search_path = phusa, public as $$
begin
  delete from snapshot where kept_at < today - (select make_interval(days => days) from retention where relation = 'snapshot');
  delete from rejected where topic = 'frames'
    and at < today - (select make_interval(days => days) from retention where relation = 'rejected_frames');
end $$;

-- The last count of each zone; no frame yet is shown as such, never left out.
create view zone_state as
select z.camera, c.name as camera_name, z.zone, z.name as zone_name, z.kind, c.silent_after_s,
  last.at, last.value as people, last.flag, extract(epoch from now() - last.at) as silence_s
from zone z
join camera c on c.id = z.camera
left join lateral (
  select o.at, o.value, o.flag from observation o
  where o.station = z.camera and o.parameter = z.parameter
  order by o.at desc limit 1
) last on true;

-- What an alert's `station` may name.
create view place as
select id, name, hamlets from station union all select id, name, hamlets from camera;
