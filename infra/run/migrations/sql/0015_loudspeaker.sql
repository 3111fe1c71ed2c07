-- What the loudspeakers of the hamlets say: made of an event or asked for by a person, approved by another, played once a loudspeaker.
set search_path = phusa, public;

-- `key` makes one of what is made twice; `asked_by` is a contact or "phusa", `approved_by` a contact, or "phusa" where the configuration
-- lets it be played unasked. Nobody approves what he asked for himself. Times of approval and playing are wall time.
create table announcement (
  id bigint generated always as identity primary key,
  key text not null unique,
  event text references event (id) on delete cascade,
  kind text,
  level int not null default 0,
  hamlets text[] not null,
  text text not null,
  seconds float8 not null check (seconds > 0 and seconds <= 20),
  exercise boolean not null default false,
  asked_by text not null,
  made_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  expires_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'refused', 'overtaken', 'expired')),
  approved_by text,
  approved_at timestamptz,
  refused_by text,
  refused_at timestamptz,
  check (approved_by <> asked_by or approved_by = 'phusa'),
  check ((state = 'approved') = (approved_at is not null))
);
create index announcement_event on announcement (event);
create index announcement_made on announcement (recorded_at desc);

-- One loudspeaker of an approved announcement; `key` is what its player knows it by.
create table announcement_play (
  announcement bigint not null references announcement (id) on delete cascade,
  loudspeaker text not null,
  key text not null unique,
  state text not null default 'pending'
    check (state in ('pending', 'sending', 'sent', 'played', 'heard', 'refused', 'doubt', 'expired')),
  tries int not null default 0,
  next_at timestamptz not null,
  sent_at timestamptz,
  played_at timestamptz,
  heard_at timestamptz,
  heard_db float8,
  reason text not null default '',
  primary key (announcement, loudspeaker)
);
create index announcement_play_due on announcement_play (next_at) where state in ('pending', 'sending', 'sent');
