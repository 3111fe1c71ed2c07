-- Tables of the spine. Names and columns are the same at every level.
set search_path = phusa, public;

create table capability (level text not null, chosen_at timestamptz not null default now());

-- No unique key: a B-tree costs 2-4 times the ingest, and the offsets row in the same
-- transaction already makes a replay write nothing twice.
create table observation (
  at timestamptz not null,
  station text not null,
  parameter text not null,
  value float8 not null,
  unit text not null,
  flag smallint not null,
  seq bigint not null,
  received_at timestamptz not null
);
-- The panels ask for one sensor over a span, newest first.
create index observation_sensor on observation (station, parameter, at desc);

create table derived (
  at timestamptz not null,
  station text not null,
  parameter text not null,
  value float8 not null,
  unit text not null,
  flag smallint not null,
  count int not null,
  primary key (station, parameter, at)
);

create table source_offset (
  flow text not null,
  topic text not null,
  partition int not null,
  next_offset bigint not null,
  read bigint not null default 0,
  stored bigint not null default 0,
  rejected bigint not null default 0,
  duplicates bigint not null default 0,
  updated_at timestamptz not null default now(),
  primary key (flow, topic, partition)
);

create table rejected (
  topic text not null,
  partition int not null,
  "offset" bigint not null,
  at timestamptz not null,
  source text not null,
  key bytea,
  reason text not null,
  vi text not null,
  en text not null,
  payload bytea not null,
  replayed_at timestamptz,
  primary key (topic, partition, "offset")
);
create index rejected_at on rejected (at desc);

create table alert (
  alert text primary key,
  rule text not null,
  kind text not null,
  station text not null,
  parameter text not null,
  level int not null,
  peak_level int not null,
  value float8 not null,
  unit text not null,
  raised_at timestamptz not null,
  changed_at timestamptz not null,
  cleared_at timestamptz
);
create index alert_raised on alert (raised_at desc);

create table alert_change (
  alert text not null,
  seq int not null,
  at timestamptz not null,
  change text not null,
  level int not null,
  previous int not null,
  value float8 not null,
  "limit" float8 not null,
  recorded_at timestamptz not null default now(),
  primary key (alert, seq)
);

-- The outbox. Who it is for stands as a contact's id; the phone number is nowhere in the database.
create table notification (
  id text primary key,
  alert text not null,
  seq int not null,
  contact text not null,
  kind text not null,
  level int not null,
  channels text[] not null,
  channel text not null,
  sms_text text not null,
  template_id text not null,
  template_data jsonb not null,
  state text not null default 'pending'
    check (state in ('pending', 'sending', 'sent', 'delivered', 'refused', 'doubt', 'expired')),
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  claimed_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  message text,
  price_vnd int,
  reason text,
  -- What a receipt said went wrong on this channel.
  failed text
);
create index notification_due on notification (next_at) where state in ('pending', 'sending', 'sent', 'doubt');
create index notification_order on notification (alert, contact, seq);

create table attempt (
  notification text not null references notification (id) on delete cascade,
  n int not null,
  channel text not null,
  key text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  answer text,
  code text,
  reason text,
  message text,
  primary key (notification, n)
);

-- The commune as Grafana sees it; loaded from the configuration, never edited here.
create table hamlet (code text, name text not null, unit text not null, valid_from date not null, valid_to date,
  primary key (code, valid_from));
create table station (id text primary key, name text not null, hamlets text[] not null, latitude float8, longitude float8);
create table station_parameter (station text, parameter text, unit text not null, low float8 not null, high float8 not null,
  interval_s int not null, silent_after_s int not null, primary key (station, parameter));
create table rule_level (rule text, kind text not null, station text, parameter text not null, direction text not null,
  level int, name text not null, raise_at float8 not null, clear_at float8 not null, unit text not null,
  primary key (rule, station, level));
-- Names of parameters and reasons for people, from the code.
create table word (kind text, code text, vi text not null, en text not null, primary key (kind, code));
create table contact (id text primary key, name text not null, role text not null, hamlets text[] not null,
  kinds text[] not null, channels text[] not null, least_level int not null);

-- How long what is kept; the housekeeper (or the server's own policies) obey it.
create table retention (relation text primary key, days int not null);
insert into retention values ('observation', 400), ('rejected', 90), ('notification', 400);
