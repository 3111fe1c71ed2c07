-- Water as cameras see it: how sure an observation is, and what each camera was taught of its place.
set search_path = phusa, public;

-- 0..1; null: who observed it tells none.
alter table observation add column confidence real;

-- What a camera was taught (models/vision/taught.py, MessagePack) of its view of that number. The newest accepted row of a camera holds; `by`: who
-- accepted it.
create table teaching (
  camera text not null,
  view int not null,
  at timestamptz not null,
  by text not null,
  accepted boolean not null,
  body bytea not null,
  primary key (camera, at)
);
