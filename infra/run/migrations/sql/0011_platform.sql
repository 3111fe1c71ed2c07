-- What the store cannot know of the platform itself: programs, restarts, disk, records that wait; written by the housekeeper each minute.
set search_path = phusa, public;

-- `what`: running (1 or 0), started (seconds since 1970), disk_free and disk_total (GB), lag and stored (records); `name`: of which
-- program, disk, or flow and topic. `at` is of the platform's clock.
create table platform_measure (
  what text not null,
  name text not null,
  at timestamptz not null,
  value float8 not null,
  unit text not null,
  primary key (what, name, at)
);
create index platform_measure_at on platform_measure (at);
insert into retention values ('platform_measure', 30);
