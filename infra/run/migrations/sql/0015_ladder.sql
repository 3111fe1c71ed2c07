-- The ladder: which messages belong to an event's last rise, whom the wall names when nobody has answered, how far a play has been looked at.
set search_path = phusa, public;

-- The store's time of the transaction of the last rise: messages made since then are of this rise. `risen_at` is the platform's time and
-- cannot say so: a play's clock stands while messages are written.
alter table event add column risen_recorded_at timestamptz not null default now();
create function mark_rise() returns trigger language plpgsql as $$ begin new.risen_recorded_at := now(); return new; end $$;
create trigger risen before update of risen_at on event for each row when (new.risen_at is distinct from old.risen_at) execute function mark_rise();
create index event_closed on event (closed_at) where closed_at is not null;

-- Numbers of offices to ring (routing.yaml), in their order.
create table ring_office (
  turn int primary key,
  name text not null,
  number text not null
);

-- Of a play: it writes up to when the ladder is to look, the ladder up to when it has.
create table attended (
  one boolean primary key default true check (one),
  wanted timestamptz,
  at timestamptz
);
insert into attended default values;

-- Open events whose ladder is at its end without enough who go, since when, and the numbers to ring; gone as soon as somebody takes it.
create function nobody_at(t timestamptz) returns table (event text, number bigint, name text, level int, since timestamptz, title text,
  ring text, exercise boolean)
language sql stable as $$
  select e.id, e.number, coalesce(p.name, split_part(e.place, ':', 2)), n.level, n.at,
    case when e.exercise then 'DIỄN TẬP: ' else '' end || split_part(n.vi, ',', 1),
    coalesce((select string_agg(r.name || ' ' || r.number, ', ' order by r.turn) from phusa.ring_office r), ''), e.exercise
  from phusa.event e
  join lateral (
    select s.at, s.level, s.vi from phusa.event_step s where s.event = e.id and s.step = 'nobody' and s.at <= t order by s.at desc, s.key limit 1
  ) n on true
  left join lateral (select q.name from phusa.place q where q.id = split_part(e.place, ':', 2) order by q.what desc limit 1) p on true
  where e.opened_at <= t and (e.closed_at is null or e.closed_at > t)
    and not exists (select from phusa.answer a where a.event = e.id and a.kind = 'taken' and a.at > n.at and a.at <= t)
  order by e.exercise, n.level desc, n.at, e.id
$$;
