-- Years of a whole commune, a part of the time at a time: from {since} until before {until}; {end} is the end of all.
-- No chance but hashes of time, place and {seed}: the same seed makes the same rows. Triggers do not fire in the session that
-- runs this (session_replication_role), so what they would mark is rolled up here, by the statements of the migration.

-- step: số đo của trạm (readings of the stations)
insert into observation (at, station, parameter, value, unit, flag, seq, received_at)
select g.at, p.station, p.parameter,
  greatest(p.low, least(p.high, s.mean + s.day * sin(extract(epoch from g.at) * pi() / 43200)
    + s.noise * (bench_chance(g.at, p.station || p.parameter, {seed}) - 0.5)
    -- A flood every 30 days and at the end.
    + case when p.parameter = 'river_level' then 3.8 * exp(greatest(-50.0, -power((extract(epoch from {end} - g.at)::bigint % 2592000) / 40000.0, 2))) else 0 end
    + case when p.parameter = 'rain' and (extract(epoch from {end} - g.at)::bigint % 2592000) < 86400 then 1.5 else 0 end)),
  p.unit, case when bench_chance(g.at, p.parameter || p.station, {seed} + 1) < 0.002 then 3 else 1 end,
  extract(epoch from g.at)::bigint / 300, g.at + interval '2 seconds'
from generate_series({since}::timestamptz, {until}::timestamptz - interval '1 second', interval '5 minutes') g (at)
cross join station_parameter p
join (values ('river_level', 0.8, 0.1, 0.04), ('rain', 0, 0, 0.2), ('dissolved_oxygen', 5.2, 1.6, 0.3), ('water_temperature', 27, 2, 0.2),
  ('ph', 7.4, 0.3, 0.1), ('turbidity', 40, 5, 20), ('pm25', 35, 15, 10), ('pm10', 55, 20, 15), ('air_temperature', 27, 5, 0.5),
  ('humidity', 78, 12, 4), ('street_depth', 0, 0, 0.5)) s (parameter, mean, day, noise) on s.parameter = p.parameter
order by g.at;

-- step: kết quả kiểm tra số đo (verdicts on readings)
insert into quality
select station, parameter, at, 'spike', flag from observation where at >= {since} and at < {until} and flag > 1 and parameter not like 'people/%'
on conflict do nothing;

-- step: số người của camera (counts of the cameras)
-- A row a zone and second in the last day, as the flow stores them; a row in five minutes before: three years of seconds would
-- be 4.8 thousand million rows, and the store keeps 400 days.
insert into observation (at, station, parameter, value, unit, flag, seq, received_at)
select g.at, z.camera, z.parameter, floor(bench_chance(g.at, z.camera || z.zone, {seed}) * 20
    * greatest(0.1, sin((extract(epoch from g.at)::bigint + 25200) % 86400 * pi() / 86400))),
  'people', case when bench_chance(date_trunc('hour', g.at), z.camera, {seed} + 2) < 0.01 then 2 else 1 end,
  extract(epoch from g.at)::bigint, g.at + interval '1 second'
from (
  select generate_series({since}::timestamptz, least({until}, {end} - {live})::timestamptz - interval '1 second', interval '5 minutes')
  union all
  select generate_series(greatest({since}, {end} - {live})::timestamptz, {until}::timestamptz - interval '1 second', interval '1 second')
) g (at)
cross join zone z
order by g.at;

-- step: cộng dồn số người (roll-up of people)
insert into people_5m
  select date_bin('5 minutes', at, '2000-01-01 00:00+07'), station, parameter, min(value) filter (where flag = 1),
    max(value) filter (where flag = 1), coalesce(sum(value) filter (where flag = 1), 0), count(*) filter (where flag = 1),
    count(*) filter (where flag <> 1)
  from observation where parameter like 'people/%' and at >= {since} and at < {until} group by 1, 2, 3;
insert into people_1h
  select date_bin('1 hour', at, '2000-01-01 00:00+07'), camera, parameter, min(low), max(high), sum(total), sum(count), sum(unknown)
  from people_5m where at >= {since} and at < {until} group by 1, 2, 3;

-- step: trung bình giờ (hourly means)
insert into observation_1h (hour, station, parameter, mean, low, high, count)
select date_trunc('hour', at), station, parameter, avg(value), min(value), max(value), count(value)
from observation where at >= {since} and at < {until} and flag < 4 group by 1, 2, 3;

-- step: giá trị tính ra (derived values)
insert into derived (at, station, parameter, value, unit, flag, count)
select g.at, p.station, d.code, d.mean + d.noise * bench_chance(g.at, p.station || d.code, {seed} + 3), d.unit, 1, 12
from station_parameter p
join (values ('river_level', 'river_rise', -0.05, 0.3, 'm/h', 300), ('river_level', 'river_next', 2, 3, 'h', 300),
  ('river_level', 'river_next_low', 1, 2, 'h', 300), ('river_level', 'river_next_high', 4, 3, 'h', 300),
  ('rain', 'rain_1h', 0, 3, 'mm', 300), ('rain', 'rain_3h', 0, 9, 'mm', 300), ('rain', 'rain_6h', 0, 18, 'mm', 300),
  ('rain', 'rain_12h', 0, 36, 'mm', 300), ('rain', 'rain_24h', 0, 60, 'mm', 300),
  ('dissolved_oxygen', 'oxygen_fall', 0.05, 0.3, 'mg/L/h', 300), ('dissolved_oxygen', 'oxygen_saturation', 60, 40, '%', 300),
  ('dissolved_oxygen', 'oxygen_dawn', 2.5, 2, 'mg/L', 300), ('dissolved_oxygen', 'oxygen_dawn_low', 1.5, 2, 'mg/L', 300),
  ('dissolved_oxygen', 'oxygen_dawn_high', 3.5, 2, 'mg/L', 300), ('dissolved_oxygen', 'oxygen_limit', 2, 6, 'h', 300),
  ('dissolved_oxygen', 'wqi_oxygen_saturation', 40, 50, '', 3600), ('dissolved_oxygen', 'qcvn08_dissolved_oxygen', 2, 0, 'class', 3600),
  ('dissolved_oxygen', 'qcvn08', 2, 0, 'class', 3600), ('ph', 'wqi_ph', 80, 20, '', 3600), ('ph', 'qcvn08_ph', 1, 0, 'class', 3600),
  ('pm25', 'pm25_1h', 20, 40, 'ug/m3', 3600), ('pm25', 'pm25_dry', 15, 30, 'ug/m3', 3600), ('pm25', 'vn_aqi', 60, 60, 'AQI', 3600),
  ('pm25', 'vn_aqi_pm25', 60, 60, 'AQI', 3600), ('pm10', 'vn_aqi_pm10', 40, 30, 'AQI', 3600), ('pm10', 'pm10_1h', 30, 50, 'ug/m3', 3600),
  ('pm25', 'vn_aqi_day', 60, 60, 'AQI', 86400), ('street_depth', 'street_10min', 0, 1, 'cm', 300)
) d (parameter, code, mean, noise, unit, every) on d.parameter = p.parameter
cross join lateral generate_series({since}::timestamptz, {until}::timestamptz - interval '1 second', make_interval(secs => d.every)) g (at)
union all
select g.at, p.station, 'trust_' || p.parameter, 0.9 + 0.1 * bench_chance(g.at, p.station || p.parameter, {seed} + 4), '', 1, 288
from station_parameter p, generate_series(date_trunc('day', {since}::timestamptz), {until}::timestamptz - interval '1 second', interval '1 day') g (at)
where g.at >= {since}
on conflict do nothing;

-- step: cảnh báo (alerts)
-- Eight a day from the rules, four of silence; those of the last hours are still open.
create temp table made on commit drop as
select 'bench-' || extract(epoch from g.at)::bigint as alert, g.at, r.*, interval '1 hour' + bench_chance(g.at, 'long', {seed}) * interval '5 hours' as lasts
from generate_series({since}::timestamptz, {until}::timestamptz - interval '1 second', interval '2 hours') g (at)
cross join lateral (
  select * from (
    select r.rule, r.kind, r.station, r.parameter, r.level, r.raise_at as value, r.unit from rule_level r
    union all select 'silent', 'silent', s.id, 'station', 1, 1800, 's' from station s
    union all select 'blind', 'blind', c.id, 'camera', 1, 0, '' from camera c
  ) r order by bench_chance(g.at, r.rule || r.station || r.level, {seed} + 5) limit 1
) r;
insert into alert (alert, rule, kind, station, parameter, level, peak_level, value, unit, raised_at, changed_at, cleared_at)
select alert, rule, kind, station, parameter, case when at + lasts < {end} then 0 else level end, level, value, unit, at,
  case when at + lasts < {end} then at + lasts else at end, case when at + lasts < {end} then at + lasts end
from made on conflict do nothing;
insert into alert_change (alert, seq, at, change, level, previous, value, "limit", recorded_at, evidence)
select alert, 1, at, 'raise', level, 0, value, value, at, '[{{"vi": "lý do", "en": "why"}}]'::jsonb from made
union all select alert, 2, at + lasts, 'clear', 0, level, value * 0.8, value, at + lasts, null from made where at + lasts < {end}
on conflict do nothing;
insert into level_history select at, station, parameter, rule, level, value from made where kind <> 'silent' on conflict do nothing;

-- step: tin nhắn (messages)
insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data, state, attempts,
  next_at, created_at, claimed_at, sent_at, delivered_at, price_vnd, place, shown, seqs, done)
select c.alert || ':' || c.seq || ':' || k.id, c.alert, c.seq, k.id, a.kind, c.level, k.channels,
  k.channels[1], 'Canh bao ' || a.kind || ' tai ' || a.station || ', cap ' || c.level || '. Xem bang cua xa de biet them. UBND xa Quang Tho.',
  't', '{{}}', case when d.chance < 0.95 then 'delivered' when d.chance < 0.98 then 'sent' else 'refused' end, 1, c.at, c.at,
  c.at + interval '1 second', c.at + interval '2 seconds', case when d.chance < 0.95 then c.at + interval '9 seconds' end, 450,
  a.station, array[c.alert], array[c.seq], true
from alert_change c join alert a using (alert)
cross join lateral (select id, channels from contact order by bench_chance(c.at, id || c.alert, {seed} + 6) limit 4) k
cross join lateral (select bench_chance(c.at, k.id, {seed} + 7) as chance) d
where c.at >= {since} and c.at < {until} on conflict do nothing;
insert into attempt (notification, n, channel, key, started_at, finished_at, answer, code)
select id, 1, channel, id, claimed_at, sent_at, 'sent', '100' from notification where created_at >= {since} and created_at < {until}
on conflict do nothing;

-- step: thanh toán (payments)
create temp table paid on commit drop as
select 'bench-' || to_char(g.day, 'YYYYMMDD') || '-' || n.i as event, (array['payos', 'sepay', 'casso'])[1 + n.i % 3] as source,
  g.day + (6 + 15 * bench_chance(g.day, 'at' || n.i, {seed})) * interval '1 hour' as at,
  (1 + floor(bench_chance(g.day, 'vnd' || n.i, {seed}) * 200))::bigint * 1000 as amount_vnd, w.merchant, w.fee, w.stall, w.hamlet,
  case when n.i % 4 > 0 then 'HO' || lpad((1 + floor(power(bench_chance(g.day, 'ho' || n.i, {seed}), 2) * 1959))::text, 4, '0') end as household, n.i
from generate_series(date_trunc('day', {since}::timestamptz at time zone 'Asia/Ho_Chi_Minh') at time zone 'Asia/Ho_Chi_Minh',
  {until}::timestamptz - interval '1 second', interval '1 day') g (day)
cross join generate_series(1, 3000) n (i)
join bench_who w on w.i = n.i % (select count(*) from bench_who);
delete from paid where at < {since} or at >= {until};
insert into payment (source, event, at, received_at, amount_vnd, merchant, fee, stall, hamlet, household, payer, vi, en)
select source, event, at, at + interval '2 seconds', amount_vnd, merchant, fee, stall, hamlet, household, md5(household),
  case when i % 50 = 0 then 'không rõ trả cho gì' else '' end, case when i % 50 = 0 then 'names no fee' else '' end
from paid on conflict do nothing;
insert into payment_return (source, event, original, what, at, received_at, amount_vnd, merchant)
select source, event || '-r', event, case when i % 2 = 0 then 'refund' else 'reversal' end, at + interval '3 hours', at + interval '3 hours',
  case when i % 3 = 0 then greatest(amount_vnd / 2, 1) else amount_vnd end, merchant
from paid where i % 40 = 7 and at + interval '3 hours' < {end} on conflict do nothing;
insert into payment_same (source, event, same_source, same_event, what, at, received_at, amount_vnd, merchant)
select 'sepay', event || '-s', source, event, 'payment', at, at, amount_vnd, merchant from paid where i % 100 = 3 and source <> 'sepay' on conflict do nothing;
insert into payment_touched select source, event from paid where i % 40 = 7 or i % 100 = 3 on conflict do nothing;
insert into payment_held (source, event, original, at, received_at, amount_vnd, merchant, vi, en)
select source, event || '-h', event || '-x', at, at, amount_vnd, merchant, 'đã trừ tiền, chưa xong', 'taken, not done'
from paid where i % 1500 = 11 on conflict do nothing;

-- step: cộng dồn thanh toán (roll-up of payments)
insert into money_1h select * from count_money({since}, {until}) on conflict do nothing;
insert into money_who (what, code, who) select distinct what, code, who from count_who({since}, {until}) on conflict do nothing;
insert into money_day select k.id, w.day from count_who({since}, {until}) w
join money_who k on (k.what, k.code, k.who) = (w.what, w.code, w.who) on conflict do nothing;

-- step: lời về từng nơi (what was said of each place)
-- As the store keeps it: 400 days. A sentence in five minutes in the last 30 days, one an hour before.
insert into place_history (kind, place, at, state, level, since, datum_at, parameter, value, unit, vi, en)
select n.kind, n.place, g.at, s.code, case s.code when 'watch' then 1 when 'warning' then 2 when 'danger' then 3 else 0 end, g.at - interval '20 minutes',
  g.at - interval '1 minute', 'value', bench_chance(g.at, n.place, {seed}), 'm',
  n.name || ' ' || round(bench_chance(g.at, n.place, {seed})::numeric, 2) || ' m, dưới BĐ I 0,50 m, lên 3 cm/giờ; đo ' || to_char(g.at, 'HH24:MI'),
  n.name || ' ' || round(bench_chance(g.at, n.place, {seed})::numeric, 2) || ' m, below BĐ I by 0.50 m; measured at ' || to_char(g.at, 'HH24:MI')
from (
  select generate_series(greatest({since}, {end} - interval '400 days')::timestamptz, least({until}, {end} - interval '30 days')::timestamptz - interval '1 second', interval '1 hour')
  union all
  select generate_series(greatest({since}, {end} - interval '30 days')::timestamptz, {until}::timestamptz - interval '1 second', interval '5 minutes')
) g (at)
cross join place_name n
join lateral (select code from state order by bench_chance(date_trunc('hour', g.at), code || n.place, {seed}) limit 1) s on true
on conflict do nothing;

-- step: ảnh, bản tin bị từ chối, lũ, luồng (pictures, rejects, floods, flows)
insert into snapshot (alert, seq, at, camera, people, jpeg, kept_at)
select a.alert, 1, a.raised_at, a.station, 12, (select decode(string_agg(md5(a.alert || i), ''), 'hex') from generate_series(1, 2500) i), a.raised_at
from alert a join camera c on c.id = a.station where a.raised_at >= greatest({since}, {end} - interval '14 days') and a.raised_at < {until}
on conflict do nothing;
insert into rejected (topic, partition, "offset", at, source, key, reason, vi, en, payload)
select 'readings', 0, extract(epoch from g.at)::bigint, g.at, 'bench', 'k', (array['json', 'schema', 'unit'])[1 + extract(epoch from g.at)::bigint / 3600 % 3],
  'không đọc được', 'cannot be read', 'x'
from generate_series(greatest({since}, {end} - interval '90 days')::timestamptz, {until}::timestamptz - interval '1 second', interval '1 hour') g (at)
on conflict do nothing;
insert into flood (station, start_at, peak_at, peak, end_at, blind_s)
select p.station, g.at, g.at + interval '9 hours', 4.2, g.at + interval '30 hours', 0
from station_parameter p, generate_series({since}::timestamptz, {until}::timestamptz - interval '1 second', interval '30 days') g (at)
where p.parameter = 'river_level' on conflict do nothing;
insert into source_offset (flow, topic, partition, next_offset, read, stored)
select f.flow, f.topic, n, 1000000, 1000000, 999000
from (values ('telemetry', 'readings'), ('cameras', 'frames'), ('payments', 'payments'), ('alerts', 'alerts')) f (flow, topic), generate_series(0, 3) n
on conflict do nothing;
