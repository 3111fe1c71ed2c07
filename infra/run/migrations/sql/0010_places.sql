-- What is said of each place: now, and each time that it changed. Written by the process `places`.
set search_path = phusa, public;

create table place_state (
  kind text not null,
  place text not null,
  at timestamptz not null,
  state text not null,
  level int not null,
  since timestamptz,
  datum_at timestamptz,
  parameter text not null,
  value float8,
  unit text not null,
  vi text not null,
  en text not null,
  primary key (kind, place)
);
-- The same when state, level, value or sentence became another; `at` is when it was said, in the clock of the platform.
create table place_history (like place_state, primary key (kind, place, at));
insert into retention values ('place_history', 400);

create function forget_places(today timestamptz) returns void language plpgsql security definer
  set search_path = phusa, public as $$
begin
  -- The newest of each place stays: a place that never changes is still known.
  delete from place_history h where at < today - (select make_interval(days => days) from retention where relation = 'place_history')
    and exists (select from place_history n where n.kind = h.kind and n.place = h.place and n.at > h.at);
end $$;

-- Reference, from the configuration and the catalogue.
create table state (code text primary key, vi text not null, en text not null, colour text not null, shape text not null,
  rank int not null, known boolean not null);
-- Flags of quality. `used`: rules judge a value of it.
create table flag (code smallint primary key, vi text not null, en text not null, colour text not null, shape text not null,
  used boolean not null);
create table parameter (code text primary key, vi text not null, en text not null, unit text not null, decimals int not null,
  low float8 not null, high float8 not null, forecast boolean not null);
create table place_name (kind text not null, place text not null, name text not null, hamlets text[] not null,
  latitude float8, longitude float8, camera text, primary key (kind, place));
create table mark (gauge text not null, level float8 not null, vi text not null, en text not null, kind text not null,
  source text not null, primary key (gauge, level, vi));
-- How a unit is written, with how many decimals.
create table unit (code text primary key, text text not null, decimals int not null, text_en text not null);
-- Kinds of alerts: the state that one makes (null: by its level), `rank` among those of one level (0 is told first), whether it
-- is told after all others whatever its level, of what its `station` is an id, and what its levels are called where no rule names them.
create table alert_kind (code text primary key, vi text not null, en text not null, state text, rank int not null,
  last boolean not null, about text not null, level_vi text[] not null,
  -- In danger or not known: water, fish, air, people, money, instruments. May be told: anybody, keepers, cashiers.
  subject text not null, audience text not null, colour text not null, shape text not null);

-- The law or decision a level comes from, as the rule names it.
alter table rule_level add column source text not null default '';

create index alert_cleared on alert (cleared_at);
create index notification_shown on notification using gin (shown);
create index alert_change_at on alert_change (alert, at);

-- A camera and a merchant of one id are two places: `what` tells them apart.
create or replace view place as
select id, name, hamlets, 'station' as what from station union all select id, name, hamlets, 'camera' from camera
union all select code, name, array[hamlet], 'merchant' from merchant
union all select id, name, hamlets, 'flood_place' from flood_place;

-- The same words as models/places/words.py makes; a test holds them equal. Stable, as what they call is: so they are inlined.
create function span_vi(seconds float8) returns text language sql stable parallel safe as $$
  select case when seconds is null then null
    when seconds < 7200 then floor(greatest(seconds, 0) / 60)::int || ' phút'
    when seconds < 172800 then floor(seconds / 3600)::int || ' giờ'
    else floor(seconds / 86400)::bigint || ' ngày' end
$$;
create function ago(at timestamptz, t timestamptz) returns text language sql stable parallel safe as $$
  select case when at is null or t is null then 'chưa có số liệu'
    when at > t + interval '1 minute' then 'ghi giờ chưa tới'
    when at > t - interval '1 minute' then 'vừa xong'
    else phusa.span_vi(extract(epoch from t - at)::float8) || ' trước' end
$$;
create function figure_vi(value float8, decimals int, grouped boolean default false) returns text
language sql stable parallel safe as $$
  select rtrim(translate(to_char(round(value::numeric, decimals),
    case when grouped then 'FM999,999,999,999,990' else 'FM999999999999990' end || '.' || repeat('0', decimals)), ',.', '.,'), ',')
$$;
-- "3,43 m"; seconds as a span in words; a unit that no table knows stands as it is, with one decimal.
create function value_vi(value float8, unit text) returns text language sql stable parallel safe as $$
  select case when value is null or value = 'NaN' or abs(value) > 1e14 then null
    when unit = 's' then phusa.span_vi(value)
    else rtrim(phusa.figure_vi(value, coalesce(u.decimals, case unit when 'VND' then 0 else 1 end), unit = 'VND')
      || ' ' || coalesce(u.text, unit)) end
  from (select 1) one left join phusa.unit u on u.code = unit
$$;
-- "đo 02:10", with the day where it is not today's.
create function clock_vi(at timestamptz, t timestamptz) returns text language sql stable parallel safe as $$
  select to_char(at at time zone 'Asia/Ho_Chi_Minh', case when (at at time zone 'Asia/Ho_Chi_Minh')::date
    = (t at time zone 'Asia/Ho_Chi_Minh')::date then 'HH24:MI' else 'HH24:MI DD/MM' end)
$$;

-- What was said of each configured place as of `t`, the worst first. Nothing of the future.
create function places_at(t timestamptz) returns table (kind text, place text, name text, hamlets text[], latitude float8,
  longitude float8, camera text, at timestamptz, state text, state_vi text, colour text, shape text, rank int, known boolean,
  level int, since timestamptz, datum_at timestamptz, age_s float8, parameter text, value float8, unit text, vi text, en text)
language sql stable as $$
  select n.kind, n.place, n.name, n.hamlets, n.latitude, n.longitude, n.camera, h.at, s.code, s.vi, s.colour, s.shape, s.rank, s.known,
    case when still.since is null then coalesce(h.level, 0) else 0 end,
    coalesce(still.since, h.since), h.datum_at, extract(epoch from t - h.datum_at)::float8,
    coalesce(h.parameter, ''), case when still.since is null then h.value end, coalesce(h.unit, ''),
    case when h.at is null then n.name || ': chưa có tín hiệu'
      else coalesce('Hệ thống đứng yên từ ' || phusa.clock_vi(still.since, t) || ', không rõ hiện nay; lần cuối: ', '') || h.vi
        || coalesce(', ' || phusa.ago(h.datum_at, t), '') end,
    case when h.at is null then n.name || ': no signal yet'
      else coalesce('The platform has stood still since ' || phusa.clock_vi(still.since, t) || ', unknown now; last said: ', '') || h.en end
  from phusa.place_name n
  cross join (select max(p.at) as at from phusa.place_state p) beat
  left join lateral (
    -- The state of now where `t` is not before it, else what the history says.
    select * from (
      (select * from phusa.place_state p where p.kind = n.kind and p.place = n.place and p.at <= t)
      union all
      (select * from phusa.place_history h where h.kind = n.kind and h.place = n.place and h.at <= t order by h.at desc limit 1)
    ) either order by either.at desc limit 1
  ) h on true
  cross join lateral (
    select case when h.at < t - interval '10 minutes' and coalesce(beat.at, '-infinity') < t - interval '10 minutes'
      then greatest(h.at, beat.at) end as since
  ) still
  join phusa.state s on s.code = case when h.at is null or still.since is not null then 'silent' else h.state end
  order by s.rank, coalesce(still.since, h.since) nulls last, n.kind, n.place
$$;

-- What of a station an alert of parameter 'station' is of, at most three by name; null: all of it, or nobody said.
create function station_parts_vi(station text, parameters text[]) returns text language sql stable parallel safe as $$
  select case when cardinality(parameters) > 0 and exists (
    select from phusa.station_parameter p where p.station = station_parts_vi.station and p.parameter <> all(parameters)
  ) then array_to_string((
      select array_agg(coalesce(w.vi, u.code) order by u.turn) from unnest(parameters) with ordinality u (code, turn)
      left join phusa.word w on w.kind = 'parameter' and w.code = u.code
    )[:3], ', ') || case when cardinality(parameters) > 3 then ', …' else '' end end
$$;

-- The alerts that stood open at `t`, each as it stood then, the worst first. Nothing of the future. `since` is of the present level.
create function open_alerts_at(t timestamptz) returns table (alert text, kind text, kind_vi text, place text, name text,
  hamlets text[], parameter text, parameter_vi text, level int, level_vi text, state text, colour text, shape text, rank int,
  since timestamptz, first_since timestamptz, value float8, unit text, value_vi text, told int, arrived int, told_vi text,
  answered_vi text)
language sql stable as $$
  with open as materialized (
    select a.alert, a.kind, a.station, a.parameter, a.rule, a.unit, a.raised_at, n.seq, n.level, n.value, n.at, n.parameters, since.at as since,
      k.vi as kind_vi, k.level_vi, k.about, k.state as kind_state, s.code as state, s.colour, s.shape,
      case when coalesce(k.last, false) then 1000 else 0 end + s.rank * 100 + coalesce(k.rank, 99) as rank
    from phusa.alert a
    join lateral (
      select c.seq, c.level, c.value, c.at, c.parameters from phusa.alert_change c where c.alert = a.alert and c.at <= t order by c.seq desc limit 1
    ) n on n.level > 0
    cross join lateral (
      select coalesce(min(c.at), n.at) as at from phusa.alert_change c
      where c.alert = a.alert and c.at <= t and c.seq > coalesce((
        select max(b.seq) from phusa.alert_change b where b.alert = a.alert and b.at <= t and b.level <> n.level), 0)
    ) since
    left join phusa.alert_kind k on k.code = a.kind
    join phusa.state s on s.code = coalesce(k.state, case when n.level >= 3 then 'danger' when n.level = 2 then 'warning' else 'watch' end)
    where a.raised_at <= t and (a.cleared_at is null or a.cleared_at > t)
  ),
  -- What a sensor says now and who was told is looked up of the worst 200: no screen shows more one by one, and 10,000 would take seconds.
  turned as materialized (select o.*, row_number() over (order by o.rank, o.level desc, o.since, o.alert) <= 200 as shown from open o)
  select a.alert, a.kind, coalesce(a.kind_vi, a.kind), a.station, coalesce(p.name, whole.vi, a.station), coalesce(p.hamlets, '{}'),
    a.parameter,
    coalesce(z.name, case when a.parameter = 'station' then phusa.station_parts_vi(a.station, a.parameters) end, w.vi, a.parameter), a.level,
    coalesce(r.name, a.level_vi[least(a.level, cardinality(a.level_vi))], 'cấp ' || a.level), a.state, a.colour, a.shape, a.rank,
    a.since, a.raised_at, now.value, a.unit,
    case when a.kind = 'clock' then case when now.value < 0 then 'nhanh ' else 'chậm ' end || phusa.span_vi(abs(now.value))
      when a.kind = 'flood' then phusa.figure_vi(now.value, 0) || ' nguồn báo'
      else phusa.value_vi(now.value, a.unit) end,
    coalesce(m.told, 0), coalesce(m.arrived, 0),
    case when a.shown then coalesce(m.told_vi, 'không báo riêng: ' || muted.why, 'chưa báo ai') else '–' end,
    concat_ws('; ', 'đã nhận ' || m.arrived || ' trong ' || m.told, 'hỏng ' || nullif(m.failed, 0))
  from turned a
  left join lateral (
    select q.name, q.hamlets from phusa.place q
    where q.id = a.station and case when a.about in ('merchant', 'flood_place') then q.what = a.about else q.what <> 'merchant' end
    order by q.what desc limit 1
  ) p on true
  left join phusa.rule_level r on r.rule = a.rule and r.station = a.station and r.level = a.level
  left join phusa.zone z on z.camera = a.station and z.parameter = a.parameter
  left join phusa.word w on w.kind = 'parameter' and w.code = a.parameter
  left join phusa.word whole on whole.kind = 'place' and whole.code = a.station
  -- What the sensor says now, where the kind is of a value; of what is unknown, how long it has been.
  left join lateral (
    select o.value from phusa.observation o
    where a.shown and a.about = 'value' and o.station = a.station and o.parameter = a.parameter and o.flag in (1, 3)
      and o.at > a.at and o.at <= t
      and o.at > (t at time zone 'UTC' - interval '1 day') at time zone 'UTC' -- immutable: the planner leaves out all other days
    order by o.at desc limit 1
  ) measured on true
  left join lateral (
    select d.value from phusa.derived d
    where a.shown and a.about = 'value' and measured.value is null and d.station = a.station and d.parameter = a.parameter and d.flag < 4
      and d.at > a.at and d.at <= t order by d.at desc limit 1
  ) reckoned on true
  cross join lateral (
    select case when a.kind_state is not null and a.unit = 's' and a.kind <> 'clock' then a.value + extract(epoch from t - a.at)::float8
      else coalesce(measured.value, reckoned.value, a.value) end as value
  ) now
  left join lateral (
    select nullif(count(*) filter (where each.told), 0)::int as told, count(*) filter (where each.arrived)::int as arrived,
      count(*) filter (where not each.told)::int as failed,
      array_to_string((array_agg(each.name order by each.arrived desc, each.name) filter (where each.told))[:3], ', ')
        || case when count(*) filter (where each.told) > 3
          then ' và ' || count(*) filter (where each.told) - 3 || ' người' else '' end as told_vi
    from (
      select coalesce(c.name, b.contact) as name, bool_or(b.state in ('sent', 'delivered', 'doubt')) as told,
        bool_or(b.state = 'delivered') as arrived
      from phusa.notification b left join phusa.contact c on c.id = b.contact
      where a.shown and b.shown @> array[a.alert] and b.seqs[array_position(b.shown, a.alert)] <= a.seq
        and b.state in ('sent', 'delivered', 'doubt', 'refused', 'expired')
      group by 1
    ) each
  ) m on true
  left join lateral (
    -- Told by another message of the place, or not at all by name: the reason stands in both languages, "vi (en)".
    select min(split_part(b.reason, ' (', 1)) as why from phusa.notification b
    where a.shown and b.alert = a.alert and b.seq <= a.seq and b.state = 'muted'
  ) muted on true
  order by a.rank, a.level desc, a.since, a.alert
$$;

-- What the river reaches at which level of its gauge, the highest first. A gauge that is silent or not trusted reaches nothing that is known:
-- neither "reached" nor "not yet". Trusted: the newest reading, whatever its flag, is good, and no alert stands that says what is not known.
create function ladder_at(gauge text, t timestamptz) returns table (level float8, vi text, en text, kind text, source text,
  reached boolean, distance_m float8, value float8, datum_at timestamptz)
language sql stable as $$
  select m.level, m.vi, m.en, m.kind, m.source, known.value >= m.level, round((m.level - known.value)::numeric, 2)::float8, now.value, now.at
  from (
    select level, vi, en, kind, source from phusa.mark where mark.gauge = ladder_at.gauge
    union all
    select distinct raise_at, name, name, 'alarm', source from phusa.rule_level
    where station = ladder_at.gauge and parameter = 'river_level'
  ) m
  left join lateral (
    select o.at, o.value from phusa.observation o
    where o.station = ladder_at.gauge and o.parameter = 'river_level' and o.flag in (1, 3) and o.at <= t
      and o.at > (t at time zone 'UTC' - interval '2 days') at time zone 'UTC'
    order by o.at desc limit 1
  ) now on true
  left join lateral (
    select newest.value from phusa.station_parameter p
    cross join lateral (
      select o.at, o.value, o.flag from phusa.observation o
      where o.station = p.station and o.parameter = p.parameter and o.at <= t
        and o.at > (t at time zone 'UTC' - interval '2 days') at time zone 'UTC'
      order by o.at desc limit 1
    ) newest
    where p.station = ladder_at.gauge and p.parameter = 'river_level' and newest.flag = 1
      and newest.at > t - make_interval(secs => p.silent_after_s)
      and not exists (
        select from phusa.alert a
        join phusa.alert_kind k on k.code = a.kind and k.state is not null
        join lateral (
          select c.level from phusa.alert_change c where c.alert = a.alert and c.at <= t order by c.seq desc limit 1
        ) n on n.level > 0
        where a.station = p.station and a.parameter in (p.parameter, 'station')
          and a.raised_at <= t and (a.cleared_at is null or a.cleared_at > t)
      )
  ) known on true
  order by m.level desc, m.vi
$$;
