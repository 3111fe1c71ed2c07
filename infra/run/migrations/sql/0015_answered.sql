-- Who has answered: what the screens say of an open alert besides who was told.
set search_path = phusa, public;

-- What each person last said of the event since its last rise, as of `t`; who needs help first. Null: nobody has answered.
create function answered_vi(event text, t timestamptz) returns text language sql stable parallel safe as $$
  select nullif(concat_ws('; ', array_to_string((array_agg(said.vi order by said.rank, said.at, said.vi))[:3], '; '),
    'và ' || nullif(greatest(count(*) - 3, 0), 0) || ' người'), '')
  from (
    select distinct on (a.contact) a.at, case a.kind when 'help' then 1 when 'taken' then 2 else 3 end as rank,
      coalesce(c.name, a.contact) || case a.kind when 'taken' then ' đi' when 'false' then ' báo nhầm' else ' cần giúp' end
        || ' lúc ' || phusa.clock_vi(a.at, t) as vi
    from phusa.answer a
    join phusa.event e on e.id = a.event
    left join phusa.contact c on c.id = a.contact
    -- Nothing of the future; before the last rise, what was said since the beginning.
    where a.event = answered_vi.event and a.kind in ('taken', 'false', 'help') and a.at <= t
      and a.at >= case when e.risen_at <= t then e.risen_at else e.opened_at end
    order by a.contact, a.at desc, a.id desc
  ) said
$$;

-- In the function of 0010 the words on who answered, and nothing else: what another part of this migration changes in it stays.
do $do$
declare
  old constant text := $old$concat_ws('; ', 'đã nhận ' || m.arrived || ' trong ' || m.told, 'hỏng ' || nullif(m.failed, 0))$old$;
  new constant text := $new$concat_ws('; ', coalesce((
      select phusa.answered_vi(w.event, t) from phusa.alert w where a.shown and w.alert = a.alert
    ), case when m.told > 0 then 'chưa ai trả lời' end), 'hỏng ' || nullif(m.failed, 0))$new$;
  body constant text := pg_get_functiondef('phusa.open_alerts_at(timestamptz)'::regprocedure);
begin
  if position(old in body) = 0 then
    raise exception 'open_alerts_at has no such words any more: %', old;
  end if;
  execute replace(body, old, new);
end $do$;

-- Events with their codes, answers and steps, what strangers sent, and the audit log, as long as `retention` says.
create function forget_answers(today timestamptz) returns void language plpgsql security definer
  set search_path = phusa, public as $$
declare
  events constant timestamptz := today - (select make_interval(days => days) from retention where relation = 'event');
  lines constant timestamptz := today - (select make_interval(days => days) from retention where relation = 'audit');
begin
  update alert set event = null where event in (select id from event where closed_at < events);
  delete from event where closed_at < events;
  delete from answer where event is null and at < events;
  delete from audit where at < lines;
end $$;
