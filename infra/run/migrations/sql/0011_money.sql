-- The ledger by hour and day, so that no screen works out the standing of each payment again.
set search_path = phusa, public;

-- Payments of which a return or a second feed was told, by every name that they were told by: only these can stand otherwise
-- than paid. More may be in it, none may be missing.
create table payment_touched (source text, event text, primary key (source, event));

-- As before; but only of those touched the standing is worked out. The function for each row took 250 ms a day of 3,000 payments.
create or replace view ledger as
select p.source, p.event, p.at, p.received_at, p.amount_vnd, p.merchant, p.fee, p.stall, p.hamlet, p.household, p.payer, p.vi, p.en,
  coalesce(s.state, 'paid') as state, coalesce(s.returned_vnd, 0) as returned_vnd,
  p.amount_vnd - coalesce(s.returned_vnd, 0) as net_vnd, coalesce(s.excess, 0) as excess
from payment p
left join payment_touched t on t.source = p.source and t.event = p.event
left join lateral (
  select one.* from standing(p.amount_vnd, p.source, p.event) one where t.event is not null
  offset 0 -- asked before the function is called, not after
) s on true;

-- As before; but a return whose payment stands under its own name is left out before anything slower is asked.
create or replace view waiting_return as
select r.source, r.event, r.original, r.what, r.at, r.received_at, r.amount_vnd, r.merchant from payment_return r
where case when exists (select from payment p where p.source = r.source and p.event = r.original) then false
  else not exists (select 1 from paid_by(r.source, r.event, r.original) b where b.event is not null) end;

create index payment_return_at on payment_return (at);
create index payment_unclear on payment (at) where vi <> '';

create table money_1h (
  at timestamptz not null,
  hamlet text not null,
  merchant text not null,
  payments bigint not null,
  amount_vnd bigint not null,
  returned_vnd bigint not null,
  primary key (at, hamlet, merchant)
);
-- Who paid, or was paid, on which day (of Vietnam), by a payment that stands. `what`: household (code ''), hamlet (code is
-- the hamlet, who the household), fee (code is the fee, who the household), stall (code is the merchant), merchant (paid
-- without a stall). `who` are the commune's own numbers of households and stalls; no payer is here.
create table money_who (
  id int generated always as identity primary key,
  what text not null,
  code text not null,
  who text not null,
  unique (what, code, who)
);
-- By number: a look costs a third of one by three texts, and a year is asked with one look for each who.
create table money_day (who int not null, day date not null, primary key (who, day));
create index money_day_day on money_day (day);

-- Hours whose payments are not (yet) what money_1h and money_day say.
create table dirty_money (at timestamptz primary key);

create function mark_money(hours timestamptz[]) returns void language sql security definer set search_path = phusa, public as $$
  insert into dirty_money select distinct date_trunc('hour', one) from unnest(hours) one where one is not null order by 1
    on conflict (at) do update set at = excluded.at
$$;
create function mark_payments() returns trigger language plpgsql security definer set search_path = phusa, public as $$
begin
  if tg_op <> 'INSERT' then
    perform mark_money(array(select distinct date_trunc('hour', at) from gone));
  end if;
  if tg_op <> 'DELETE' then
    perform mark_money(array(select distinct date_trunc('hour', at) from came));
  end if;
  return null;
end $$;
create trigger came after insert on payment referencing new table as came for each statement execute function mark_payments();
create trigger changed after update on payment referencing old table as gone new table as came
  for each statement execute function mark_payments();
create trigger went after delete on payment referencing old table as gone for each statement execute function mark_payments();

-- The names of the payment that a return may be of: the one it tells, that by which its other feed knows it, and the one
-- that another feed's telling of the same return tells.
create function names_of_return(r_source text, r_event text, r_original text) returns table (source text, event text)
language sql stable set search_path = phusa, public as $$
  with named as (
    select r_source as source, r_original as event
    union select s.source, s.original from payment_same s where s.same_source = r_source and s.same_event = r_event
  )
  select n.source, n.event from named n where n.event is not null
  union select s.same_source, s.same_event from named n join payment_same s on s.source = n.source and s.event = n.event
$$;
create function touch_payments(sources text[], events text[]) returns void language sql security definer set search_path = phusa, public as $$
  insert into payment_touched select distinct * from unnest(sources, events) as t (source, event) order by 1, 2 on conflict do nothing;
  select mark_money(array(
    select p.at from unnest(sources, events) as t (source, event) join payment p on p.source = t.source and p.event = t.event));
$$;
create function mark_returns() returns trigger language plpgsql security definer set search_path = phusa, public as $$
begin
  if tg_op <> 'INSERT' then
    perform touch_payments(array_agg(n.source), array_agg(n.event)) from gone r, names_of_return(r.source, r.event, r.original) n;
  end if;
  if tg_op <> 'DELETE' then
    perform touch_payments(array_agg(n.source), array_agg(n.event)) from came r, names_of_return(r.source, r.event, r.original) n;
  end if;
  return null;
end $$;
create trigger came after insert on payment_return referencing new table as came for each statement execute function mark_returns();
create trigger changed after update on payment_return referencing old table as gone new table as came
  for each statement execute function mark_returns();
create trigger went after delete on payment_return referencing old table as gone for each statement execute function mark_returns();

-- A second feed's telling is of a payment, or of a return, whose payments are then those of the return.
create function names_of_same(s_source text, s_event text, s_same_source text, s_same_event text, s_original text)
returns table (source text, event text) language sql stable set search_path = phusa, public as $$
  select s_same_source, s_same_event
  union select n.source, n.event from names_of_return(s_source, s_event, s_original) n
  union select n.source, n.event from payment_return r, names_of_return(r.source, r.event, r.original) n
    where r.source = s_same_source and r.event = s_same_event
$$;
create function mark_same() returns trigger language plpgsql security definer set search_path = phusa, public as $$
begin
  if tg_op <> 'INSERT' then
    perform touch_payments(array_agg(n.source), array_agg(n.event))
      from gone s, names_of_same(s.source, s.event, s.same_source, s.same_event, s.original) n;
  end if;
  if tg_op <> 'DELETE' then
    perform touch_payments(array_agg(n.source), array_agg(n.event))
      from came s, names_of_same(s.source, s.event, s.same_source, s.same_event, s.original) n;
  end if;
  return null;
end $$;
create trigger came after insert on payment_same referencing new table as came for each statement execute function mark_same();
create trigger changed after update on payment_same referencing old table as gone new table as came
  for each statement execute function mark_same();
create trigger went after delete on payment_same referencing old table as gone for each statement execute function mark_same();

-- What stands in money_1h and in money_day of the hours from `first` to before `until`, from the ledger itself.
create function count_money(first timestamptz, until timestamptz) returns setof money_1h
language sql stable set search_path = phusa, public as $$
  select date_trunc('hour', at), hamlet, merchant, count(*), sum(amount_vnd)::bigint, sum(returned_vnd)::bigint
  from ledger where at >= first and at < until group by 1, 2, 3
$$;
create function count_who(first timestamptz, until timestamptz) returns table (what text, code text, who text, day date)
language sql stable set search_path = phusa, public as $$
  select distinct w.what, w.code, w.who, (l.at at time zone 'Asia/Ho_Chi_Minh')::date
  from ledger l cross join lateral (values
    ('household', '', l.household), ('hamlet', l.hamlet, l.household), ('fee', l.fee, l.household),
    ('stall', l.merchant, l.stall), ('merchant', l.merchant, case when l.stall is null then l.merchant end)
  ) w (what, code, who)
  where l.at >= first and l.at < until and l.net_vnd > 0 and w.who is not null and w.code is not null
$$;

-- A month of marked hours at a time; returns how many were worked off. Marks that a writer holds are left to the next round.
create function roll_up_money() returns bigint language plpgsql security definer set search_path = phusa, public as $$
declare
  first timestamptz := (select min(at) from dirty_money);
  hours timestamptz[];
  days date[];
begin
  with taken as (
    delete from dirty_money where ctid in (
      select ctid from dirty_money where at < first + interval '31 days' for update skip locked
    ) returning at
  )
  select array_agg(at) into hours from taken;
  if hours is null then
    return 0;
  end if;
  delete from money_1h where at = any(hours);
  insert into money_1h select m.* from unnest(hours) h, lateral count_money(h, h + interval '1 hour') m;
  days := array(select distinct (h at time zone 'Asia/Ho_Chi_Minh')::date from unnest(hours) h);
  insert into money_who (what, code, who)
    select w.what, w.code, w.who from unnest(days) d, lateral count_who(
      d::timestamp at time zone 'Asia/Ho_Chi_Minh', (d + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh') w
    where not exists (select from money_who k where (k.what, k.code, k.who) = (w.what, w.code, w.who))
    group by 1, 2, 3
  on conflict do nothing;
  delete from money_day where day = any(days);
  insert into money_day
    select k.id, w.day from unnest(days) d, lateral count_who(
      d::timestamp at time zone 'Asia/Ho_Chi_Minh', (d + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh') w
    join money_who k on (k.what, k.code, k.who) = (w.what, w.code, w.who);
  return cardinality(hours);
end $$;

-- Money by hours, hamlets and merchants. The first bucket is whole, the last ends at `until`. `width` of an hour or more
-- (days are Vietnam's). The same as of the ledger, of which marked hours and the last one are read.
create function money_hours(since timestamptz, until timestamptz, width interval default '1 hour')
returns table (at timestamptz, hamlet text, hamlet_name text, merchant text, merchant_name text, kind text, payments bigint,
  amount_vnd bigint, returned_vnd bigint, net_vnd bigint)
language plpgsql stable set search_path = phusa, public as $$
declare
  zero constant timestamptz := '2000-01-01 00:00+07';
  step interval := greatest(interval '1 hour', make_interval(secs => extract(epoch from width)));
  first timestamptz := date_bin(step, since, zero);
  edge timestamptz := date_trunc('hour', until);
begin
  return query
    with names as (select distinct on (code) code, name from hamlet order by code, valid_from desc),
    parts as (
      select m.* from money_1h m where m.at >= first and m.at < edge
        and not exists (select from dirty_money d where d.at = m.at)
      union all
      select m.* from dirty_money d, lateral count_money(d.at, d.at + interval '1 hour') m where d.at >= first and d.at < edge
      union all
      select m.* from count_money(edge, until + interval '1 microsecond') m
    )
    select b.at, b.hamlet, coalesce(n.name, b.hamlet), b.merchant, coalesce(s.name, b.merchant), coalesce(s.kind, ''), b.payments,
      b.amount, b.returned, b.amount - b.returned
    from (
      select date_bin(step, p.at, zero) as at, p.hamlet, p.merchant, sum(p.payments)::bigint as payments,
        sum(p.amount_vnd)::bigint as amount, sum(p.returned_vnd)::bigint as returned
      from parts p group by 1, 2, 3
    ) b
    left join names n on n.code = b.hamlet left join merchant s on s.code = b.merchant
    order by 1, 2, 4;
end $$;

-- Who paid or was paid from `since` until before `until`, each once: whole days from money_day, the rest from the ledger. Of fees
-- the public ones only.
create function money_whos(since timestamptz, until timestamptz, whats text[])
returns table (what text, code text, who text)
language plpgsql stable set search_path = phusa, public as $$
declare
  -- Of what there is: infinity has no days.
  low timestamptz := greatest(since, (select min(p.at) from payment p));
  high timestamptz := least(until, (select max(p.at) + interval '1 microsecond' from payment p));
  first date := (low at time zone 'Asia/Ho_Chi_Minh')::date;
  last date := (high at time zone 'Asia/Ho_Chi_Minh')::date;
  open date[];
begin
  if low is null or low >= high then
    return;
  end if;
  first := case when low > first::timestamp at time zone 'Asia/Ho_Chi_Minh' then first + 1 else first end;
  open := array(select distinct (d.at at time zone 'Asia/Ho_Chi_Minh')::date from dirty_money d where d.at >= low - interval '1 day' and d.at < high);
  return query
    select k.what, k.code, k.who from money_who k
    where first < last and k.what = any(whats) and (k.what <> 'fee' or k.code in (select f.code from fee f where f.public)) and exists (
      -- One look into the index each, however long the window is.
      select from (select from money_day d where d.who = k.id and d.day >= first and d.day < last and not d.day = any(open) limit 1) one)
    union
    select w.what, w.code, w.who from (
      select low as a, least(high, first::timestamp at time zone 'Asia/Ho_Chi_Minh') as b
      union select greatest(low, last::timestamp at time zone 'Asia/Ho_Chi_Minh'), high
      union select o::timestamp at time zone 'Asia/Ho_Chi_Minh', (o + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh'
        from unnest(open) o where o >= first and o < last
    ) span, lateral count_who(span.a, span.b) w
    where span.a < span.b and w.what = any(whats) and (w.what <> 'fee' or w.code in (select f.code from fee f where f.public));
end $$;

-- By hamlet: payments, what is left of them, and how many households have one that stands.
create function money_hamlets(since timestamptz, until timestamptz)
returns table (hamlet text, name text, payments bigint, net_vnd bigint, households bigint)
language sql stable set search_path = phusa, public as $$
  with names as (select distinct on (code) code, name from hamlet order by code, valid_from desc),
  paid as (select hamlet, sum(payments)::bigint as payments, sum(net_vnd)::bigint as net_vnd from money_hours(since, until) group by 1),
  households as (
    select code, count(distinct who) as households
    from money_whos(date_trunc('hour', since), until + interval '1 microsecond', '{hamlet}') group by 1
  )
  select p.hamlet, coalesce(n.name, p.hamlet), p.payments, p.net_vnd, coalesce(h.households, 0)
  from paid p left join names n on n.code = p.hamlet left join households h on h.code = p.hamlet order by p.net_vnd desc
$$;

-- As models/payments/shares.py.
create or replace function cashless(since timestamptz, until timestamptz)
returns table (name text, vi text, en text, part bigint, whole int, target float8)
language sql stable set search_path = phusa, public as $$
  with whos as materialized (select * from money_whos(since, until, '{household,fee,stall,merchant}')),
  counted as (
    select 'public_fees' as name, count(distinct w.who) as part
      from whos w join fee f on f.code = w.code and f.public where w.what = 'fee'
    union all
    select 'shops', count(distinct case w.what when 'stall' then 'stall ' else '' end || w.who) from whos w join merchant m on m.code = w.code
      where w.what = 'stall' or (w.what = 'merchant' and m.kind = 'shop' and not exists (select 1 from stall s where s.merchant = m.code))
    union all
    select 'households', count(distinct w.who) from whos w where w.what = 'household'
  )
  select t.name, t.vi, t.en, coalesce(c.part, 0), t.whole, t.target
  from payment_target t left join counted c on c.name = t.name order by t.name
$$;

insert into payment_touched
  select n.* from payment_return r, names_of_return(r.source, r.event, r.original) n
  union select n.* from payment_same s, names_of_same(s.source, s.event, s.same_source, s.same_event, s.original) n;
-- All that was told so far: marked, and rolled up by the housekeeper, a month at a time.
select mark_money(array(select distinct date_trunc('hour', at) from payment));
