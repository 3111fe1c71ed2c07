-- What makes two tellings the same (models/payments/identity.py).
set search_path = phusa, public;

-- `told`: keyed digest of all that was told; `transfer`: of the bank's transfer, null where the bank's reference is not
-- known. Null also in what was booked before this migration.
alter table payment add column told text, add column transfer text;
alter table payment_return add column told text, add column transfer text;
create index payment_transfer on payment (transfer) where transfer is not null;
create index payment_return_transfer on payment_return (transfer) where transfer is not null;

-- A transfer that another feed of the same account told first: kept, not booked again. `same_*` is the line that it is,
-- `original` what this feed's telling of a refund says that it takes back.
create table payment_same (
  source text not null,
  event text not null,
  same_source text not null,
  same_event text not null,
  what text not null,
  original text,
  at timestamptz not null,
  received_at timestamptz not null,
  amount_vnd bigint not null check (amount_vnd > 0),
  merchant text not null,
  told text,
  primary key (source, event),
  -- Each feed tells a transfer once: of two tellings of one feed, equal in all but their id, both are money.
  unique (same_source, same_event, source)
);
create index payment_same_original on payment_same (source, original);

-- Taken from the payer and not paid, or a refund that did not arrive: nothing is booked. `original` is the payment's name.
create table payment_held (
  source text not null,
  event text not null,
  original text,
  at timestamptz not null,
  received_at timestamptz not null,
  amount_vnd bigint not null check (amount_vnd > 0),
  merchant text not null,
  fee text,
  household text,
  told text,
  vi text not null,
  en text not null,
  primary key (source, event)
);

-- Every telling that stands anywhere.
create view payment_telling as
select source, event, amount_vnd, merchant, 'payment' as what, told from payment
union all select source, event, amount_vnd, merchant, what, told from payment_return
union all select source, event, amount_vnd, merchant, what, told from payment_same
union all select source, event, amount_vnd, merchant, 'held', told from payment_held;

-- The payment that a return takes back: the one its own text names; where there is none, the one that another feed's
-- telling of the same return names. Either may be named by its other feed's id. Null: not come (yet).
create function paid_by(r_source text, r_event text, r_original text, out source text, out event text)
language sql stable set search_path = phusa, public as $$
  with named as (
    select r_source as source, r_original as event, 0 as later
    union all
    select s.source, s.original, 1 from payment_same s where s.same_source = r_source and s.same_event = r_event
      and s.original is not null
  )
  select coalesce(s.same_source, p.source), coalesce(s.same_event, p.event)
  from named n
  left join payment p on p.source = n.source and p.event = n.event
  left join payment_same s on s.source = n.source and s.event = n.event and s.what = 'payment'
  where p.event is not null or s.event is not null
  order by n.later, n.source limit 1
$$;

-- As models/payments/ledger.py: returns in the order of their time, each whole or not at all.
create or replace function standing(paid bigint, p_source text, p_event text, out state text, out returned_vnd bigint, out excess int)
language plpgsql stable set search_path = phusa, public as $$
declare
  one record;
  reversed boolean := false;
  two_feeds boolean := exists (select from payment_same s where s.source = p_source and s.original = p_event)
    or exists (select from payment_same s where s.same_source = p_source and s.same_event = p_event);
begin
  returned_vnd := 0;
  excess := 0;
  -- The ids in the order of their bytes, as in Python. The second part is only asked where two feeds told something of it.
  for one in
    with told as materialized (
      select d.source, d.event from payment_return d where two_feeds and d.source = p_source and d.original = p_event
      union
      select s.same_source, s.same_event from payment_same s where two_feeds and s.source = p_source and s.original = p_event
      union
      select d.source, d.event from payment_same a join payment_return d on d.source = a.source and d.original = a.event
        where two_feeds and a.same_source = p_source and a.same_event = p_event
      union
      select s.same_source, s.same_event from payment_same a join payment_same s on s.source = a.source and s.original = a.event
        where two_feeds and a.same_source = p_source and a.same_event = p_event
    )
    select r.amount_vnd, r.what, r.at, r.event collate "C" as event from payment_return r
      where not two_feeds and r.source = p_source and r.original = p_event
    union all
    select r.amount_vnd, r.what, r.at, r.event collate "C" from told t join payment_return r using (source, event)
      where (p_source, p_event) = (select b.source, b.event from paid_by(r.source, r.event, r.original) b)
    order by at, event
  loop
    if one.amount_vnd > paid - returned_vnd then
      excess := excess + 1;
    else
      returned_vnd := returned_vnd + one.amount_vnd;
      reversed := reversed or one.what = 'reversal';
    end if;
  end loop;
  state := case when returned_vnd = 0 then 'paid' when returned_vnd < paid then 'partly_refunded'
    when reversed then 'reversed' else 'refunded' end;
end $$;

-- Returns whose payment has not come (yet).
create or replace view waiting_return as
select r.source, r.event, r.original, r.what, r.at, r.received_at, r.amount_vnd, r.merchant from payment_return r
where not exists (select 1 from payment p where p.source = r.source and p.event = r.original)
  and not exists (select 1 from paid_by(r.source, r.event, r.original) b where b.event is not null);

-- What somebody must look at. Nobody is named; the words say what was told. What is held leaves when the payment (or
-- the refund that was worked on) is told after all.
create view money_for_a_person as
select h.at, h.source, h.event, h.merchant, h.amount_vnd, h.vi, h.en from payment_held h
where not exists (
    select from payment p where p.source = h.source and p.event = h.original and p.amount_vnd = h.amount_vnd
      and p.received_at >= h.received_at and not (h.source = 'vnpay' and h.event ~ ':0[59][.]'))
  and not exists (
    select from payment_return r where r.source = h.source and r.original = h.original and r.amount_vnd = h.amount_vnd
      and r.received_at >= h.received_at and h.source = 'vnpay' and h.event ~ ':05[.]')
union all
select w.at, w.source, w.event, w.merchant, w.amount_vnd,
  case w.what when 'reversal' then 'bị hủy: ' else 'hoàn tiền: ' end || 'chưa thấy khoản đã trả ' || w.original,
  w.what || ': its payment ' || w.original || ' was never told'
from waiting_return w
union all
select r.at, split_part(convert_from(r.key, 'UTF8'), ':', 1), regexp_replace(convert_from(r.key, 'UTF8'), '^[^:]*:', ''),
  null, null, r.vi, r.en
from rejected r where r.source = 'payments' and r.reason = 'conflict' and r.replayed_at is null;
