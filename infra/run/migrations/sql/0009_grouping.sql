-- One event, one message: what a change is of, what each notification tells, and why one was not told.
set search_path = phusa, public;

alter table alert_change add column parameters text[];
alter table alert_change add column late_s int not null default 0;
alter table alert_change add column over boolean not null default false;

-- News of one place is one message: it tells of the alerts `shown`, each up to the change `seqs`.
alter table notification add column place text;
alter table notification add column shown text[] not null default '{}';
alter table notification add column seqs int[] not null default '{}';
-- Why it is no message of its own, and the message that tells it instead.
alter table notification add column stage text check (stage in ('merged', 'inhibited', 'over', 'easing', 'outage'));
alter table notification add column merged_into text;
-- Nothing more follows from it: its alerts are over, and it was told to whom it had to be.
alter table notification add column done boolean not null default false;

-- Each notification was a message of its own.
update notification n set shown = array[n.alert], seqs = array[n.seq],
  done = exists (select from alert a where a.alert = n.alert and a.cleared_at is not null);

alter table notification drop constraint notification_state_check;
alter table notification add constraint notification_state_check check (state in
  ('pending', 'sending', 'sent', 'delivered', 'refused', 'doubt', 'expired', 'merged', 'muted'));
alter table notification add constraint notification_named check ((state in ('merged', 'muted')) = (stage is not null));

create index notification_place on notification (contact, place) where not done;
create index notification_under_way on notification (contact) where state in ('pending', 'sending');
create index notification_recent on notification (contact, created_at);
