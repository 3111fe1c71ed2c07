-- How often each camera is looked at, as the flow cameras last shared it out (models/cameras/pace.py).
create table camera_pace (
  camera text primary key,
  at timestamptz not null,
  every_s float8 not null,
  wanted_s float8 not null,
  share float8 not null,
  held float8,
  wished float8,
  rising boolean not null,
  busy boolean not null,
  told_at timestamptz not null default now()
);
comment on table camera_pace is 'Each camera: seconds (of event time) between two looks and between two frames it sends; pictures a second the machine holds, of those that come.';
