-- Messages by more ways: what each attempt cost, and a look-up by the gateway's own id for those that tell no other.
set search_path = phusa, public;

alter table attempt add column price_vnd int;
create index attempt_message on attempt (channel, message) where message is not null;
-- What was told of the price before there was a column for each attempt: it is that of the last one that was taken.
update attempt a set price_vnd = n.price_vnd from notification n
where n.id = a.notification and n.price_vnd is not null and n.channel = a.channel and a.n = (
  select max(o.n) from attempt o where o.notification = n.id and o.channel = n.channel and o.answer in ('sent', 'doubt'));
create index attempt_started on attempt (started_at);

-- From routing.yaml: what a message is reckoned at where its service names no price, and what a month may cost (one row, or none).
create table message_price (channel text primary key, vnd int not null);
create table message_budget (month_vnd bigint not null, warn_share double precision not null);

-- That a share of a month's budget was reached is told once.
create table budget_notice (
  month date not null,
  reached text not null check (reached in ('warned', 'spent')),
  spent_vnd bigint not null,
  told_at timestamptz not null default now(),
  primary key (month, reached)
);

-- The one ledger of all ways: who was told what, by which way, what it cost, sent, delivered, read, answered. A message that went by
-- two ways is one row, its way is the last and its price that of both; `reckoned`: some of it is routing.yaml's. Links are a person's own.
create view message_ledger as
select n.id, coalesce(climbed.at, ch.at, n.created_at) as at, n.contact, coalesce(c.name, n.contact) as name, coalesce(c.hamlets, '{}') as hamlets,
  n.channel, n.kind, n.level, n.step, n.exercise, n.event, e.number as event_number, n.state, n.reason,
  regexp_replace(n.sms_text, 'https?://\S+', '…', 'g') as text,
  coalesce(cost.vnd, n.price_vnd) as price_vnd, coalesce(cost.reckoned, false) as reckoned,
  n.created_at, n.sent_at, n.delivered_at, n.read_at, n.answered_at
from notification n
left join alert_change ch on ch.alert = n.alert and ch.seq = n.seq
left join contact c on c.id = n.contact
left join event e on e.id = n.event
-- A call or a reminder is of its own time, not of the change that it tells again.
left join lateral (select min(t.at) as at from event_step t where n.step is not null and t.event = n.event and t.notification = n.id) climbed on true
left join lateral (
  select sum(coalesce(a.price_vnd, p.vnd))::bigint as vnd, bool_or(a.price_vnd is null and p.vnd is not null) as reckoned
  from attempt a left join message_price p on p.channel = a.channel
  where a.notification = n.id and a.answer in ('sent', 'doubt') and a.code is distinct from 'drill'
) cost on true
-- The canary's are nobody's.
where n.contact <> 'phusa-canary';

-- The budget of the month that it is in Vietnam now, and what of it is spent; no row without a budget.
create view message_month as
select m.begins::date as month, b.month_vnd, b.warn_share, coalesce((
    select sum(coalesce(a.price_vnd, p.vnd)) from attempt a left join message_price p on p.channel = a.channel
    where a.answer in ('sent', 'doubt') and a.code is distinct from 'drill' and a.started_at >= m.begins at time zone 'Asia/Ho_Chi_Minh'), 0)::bigint as spent_vnd
from message_budget b cross join (select date_trunc('month', now() at time zone 'Asia/Ho_Chi_Minh') as begins) m;
