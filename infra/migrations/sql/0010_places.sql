-- What is said of each place: now, and each time that it changed. Written by the process `places`.
set search_path = phusa, public;

create table place_state (
  kind text not null,
  place text not null,
  at timestamptz not null,
  state text not null,
  level int not null,
  since timestamptz,
  datum_at timestamptz,
  parameter text not null,
  value float8,
  unit text not null,
  vi text not null,
  en text not null,
  primary key (kind, place)
);
-- The same when state, level, value or sentence became another; `at` is when it was said, in the clock of the platform.
create table place_history (like place_state, primary key (kind, place, at));
insert into retention values ('place_history', 400);

-- Reference, from the configuration and the catalogue.
create table state (code text primary key, vi text not null, en text not null, colour text not null, shape text not null,
  rank int not null, known boolean not null);
-- `text`: as people read it, "" where only the figure is said. `rank` 0 is told first at one level. `about`: water, fish, air, people,
-- money, instruments; `audience`: anybody, keepers, cashiers. `used`: rules judge a value of this flag.
create table unit (code text primary key, text text not null, text_en text not null, decimals int not null);
create table kind (code text primary key, vi text not null, en text not null, about text not null, audience text not null,
  colour text not null, shape text not null, rank int not null);
create table flag (code smallint primary key, vi text not null, en text not null, colour text not null, shape text not null,
  used boolean not null);
create table parameter (code text primary key, vi text not null, en text not null, unit text not null, decimals int not null,
  low float8 not null, high float8 not null, forecast boolean not null);
create table place_name (kind text not null, place text not null, name text not null, hamlets text[] not null,
  latitude float8, longitude float8, camera text, primary key (kind, place));
create table mark (gauge text not null, level float8 not null, vi text not null, en text not null, kind text not null,
  source text not null, primary key (gauge, level, vi));
