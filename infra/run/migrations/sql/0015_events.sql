-- Events that people can answer: one event a place, a short code of it for each contact, answers, steps, silences, an audit log.
set search_path = phusa, public;

-- What goes on at a place, from the first of its alerts to the end of the last. `id` is place@onset in ms, `number` is what the command
-- line calls it. Answers before `risen_at`, its last rise, do not count: the next rise rings again.
create table event (
  id text primary key,
  number bigint generated always as identity unique,
  place text not null,
  opened_at timestamptz not null,
  risen_at timestamptz not null,
  closed_at timestamptz,
  level int not null,
  peak_level int not null,
  exercise boolean not null default false,
  recorded_at timestamptz not null default now()
);
create unique index event_open on event (place, exercise) where closed_at is null;
create index event_opened on event (opened_at desc);
alter table alert add column event text references event (id);
create index alert_event on alert (event);

-- The number by which a contact answers: not given to another event of the contact within a day after this one is closed.
create table event_code (
  contact text not null,
  event text not null references event (id) on delete cascade,
  code int not null check (code between 1 and 99),
  given_at timestamptz not null,
  primary key (contact, event)
);
create index event_code_newest on event_code (contact, given_at desc);

-- What came back from a person; `key` makes a repeated call of a gateway one answer. Words of strangers are not kept.
create table answer (
  id bigint generated always as identity primary key,
  key text not null unique,
  at timestamptz not null,
  recorded_at timestamptz not null default now(),
  way text not null,
  contact text,
  event text references event (id) on delete cascade,
  kind text not null check (kind in ('taken', 'false', 'help', 'unread', 'closed', 'stranger')),
  level int not null default 0
);
create index answer_event on answer (event, at);
create index answer_contact on answer (contact, at desc);

-- Each step on the way from an event to a person who acts, once: `key` names the step, so that nobody is rung twice for one.
create table event_step (
  event text not null references event (id) on delete cascade,
  key text not null,
  at timestamptz not null,
  recorded_at timestamptz not null default now(),
  level int not null,
  step text not null check (step in ('told', 'called', 'repeated', 'taken', 'false', 'help', 'nobody', 'over')),
  rung int not null default 0,
  contact text,
  notification text,
  vi text not null default '',
  en text not null default '',
  primary key (event, key)
);
create index event_step_at on event_step (at desc);

-- What is not to ring for a while: a silence said by a person, or maintenance. Level 3 rings all the same.
create table silence (
  id bigint generated always as identity primary key,
  kinds text[] not null default '{}',
  stations text[] not null default '{}',
  hamlets text[] not null default '{}',
  contacts text[] not null default '{}',
  maintenance boolean not null default false,
  begins_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > begins_at),
  ended_at timestamptz,
  because text not null,
  by_whom text not null,
  recorded_at timestamptz not null default now()
);

-- Who did what, and what came that should not have: a forged link, a reply from an unknown number.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  recorded_at timestamptz not null default now(),
  source text not null,
  what text not null,
  contact text,
  event text,
  vi text not null,
  en text not null
);
create index audit_at on audit (at desc);

alter table notification add column event text references event (id) on delete set null;
alter table notification add column code int;
-- null: news of a change; call and repeat: of the ladder; reply: to an answer; ended: to who was called, that it is over.
alter table notification add column step text check (step in ('call', 'repeat', 'reply', 'ended'));
alter table notification add column silence bigint references silence (id) on delete set null;
-- Of stage rule: the alert that inhibits it, whose end frees it.
alter table notification add column held_by text;
create index notification_held on notification (held_by) where held_by is not null and not done;
-- It was put off until then (hours of routing.yaml), and is no older than that.
alter table notification add column held_until timestamptz;
alter table notification add column exercise boolean not null default false;
alter table notification add column read_at timestamptz;
alter table notification add column answered_at timestamptz;
create index notification_event on notification (event);
create index notification_silence on notification (silence) where silence is not null;
alter table notification drop constraint notification_stage_check;
alter table notification add constraint notification_stage_check check (stage in
  ('merged', 'inhibited', 'over', 'easing', 'outage', 'rule', 'hours', 'silenced', 'maintenance'));

insert into retention values ('event', 400), ('audit', 400);
