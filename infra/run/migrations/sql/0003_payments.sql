-- Payments. Nothing here names a person: payers are keyed pseudonyms, bodies are sealed and apart.
set search_path = phusa, public;

-- (source, event) is the provider's own id of a telling: the same one is stored once for ever.
create table payment (
  source text not null,
  event text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  amount_vnd bigint not null check (amount_vnd > 0),
  merchant text not null,
  fee text,
  stall text,
  hamlet text not null,
  household text,
  payer text,
  -- Why nothing was matched; empty where it was.
  vi text not null,
  en text not null,
  primary key (source, event)
);
create index payment_at on payment (at);

-- Refunds and reversals; one may come before its payment, and waits here for it.
create table payment_return (
  source text not null,
  event text not null,
  original text not null,
  what text not null check (what in ('refund', 'reversal')),
  at timestamptz not null,
  received_at timestamptz not null,
  amount_vnd bigint not null check (amount_vnd > 0),
  merchant text not null,
  primary key (source, event)
);
create index payment_return_original on payment_return (source, original);

-- The only place of what a provider said in clear, encrypted; no screen and no notebook reads it (rights.sql).
create table payment_sealed (
  source text not null,
  event text not null,
  received_at timestamptz not null,
  sealed bytea not null,
  primary key (source, event)
);
insert into retention values ('payment_sealed', 90);

create table merchant (code text primary key, name text not null, kind text not null, hamlet text not null);
create table fee (code text primary key, name text not null, merchant text not null, public boolean not null, amount_vnd bigint);
create table stall (code text primary key, name text not null, merchant text not null, hamlet text not null);
create table payment_target (name text primary key, vi text not null, en text not null, target float8 not null, whole int not null);

-- As models/payments/ledger.py: returns in the order of their time, each whole or not at all.
create function standing(paid bigint, p_source text, p_event text, out state text, out returned_vnd bigint, out excess int)
language plpgsql stable set search_path = phusa, public as $$
declare
  one record;
  reversed boolean := false;
begin
  returned_vnd := 0;
  excess := 0;
  -- The ids in the order of their bytes, as in Python.
  for one in select amount_vnd, what from payment_return r
    where r.source = p_source and r.original = p_event order by r.at, r.event collate "C"
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

create view ledger as
select p.*, s.state, s.returned_vnd, p.amount_vnd - s.returned_vnd as net_vnd, s.excess
from payment p, lateral standing(p.amount_vnd, p.source, p.event) s;

-- Returns whose payment has not come (yet).
create view waiting_return as
select r.* from payment_return r
where not exists (select 1 from payment p where p.source = r.source and p.event = r.original);

-- What an alert's `station` may name, now with those who are paid.
create or replace view place as
select id, name, hamlets from station union all select id, name, hamlets from camera
union all select code, name, array[hamlet] from merchant;

-- As models/payments/shares.py.
create function cashless(since timestamptz, until timestamptz)
returns table (name text, vi text, en text, part bigint, whole int, target float8)
language sql stable set search_path = phusa, public as $$
  with standing as (select * from ledger where at >= since and at < until and net_vnd > 0),
  counted as (
    select 'public_fees' as name, count(distinct l.household) as part
      from standing l join fee f on f.code = l.fee and f.public
    union all
    select 'shops', count(distinct coalesce('stall ' || l.stall, l.merchant)) from standing l join merchant m on m.code = l.merchant
      where l.stall is not null or (m.kind = 'shop' and not exists (select 1 from stall s where s.merchant = m.code))
    union all
    select 'households', count(distinct household) from standing
  )
  select t.name, t.vi, t.en, coalesce(c.part, 0), t.whole, t.target
  from payment_target t left join counted c on c.name = t.name order by t.name
$$;

-- The sealed bodies: long enough for a dispute; deleting the key makes all of them unreadable at once.
create function forget_bodies(today timestamptz) returns void language plpgsql security definer
  set search_path = phusa, public as $$
begin
  delete from payment_sealed
    where received_at < today - (select make_interval(days => days) from retention where relation = 'payment_sealed');
end $$;
