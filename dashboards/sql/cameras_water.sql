-- Khô, ướt, ngập, không rõ theo thời gian: tám vùng xấu nhất, các vùng còn lại chung một dòng, camera chưa dạy một dòng / dry, wet, flooded, not known over time: the eight worst zones, one lane for the others, one for cameras nobody taught.
with span as (
  select greatest(make_interval(secs => $__interval_ms / 1000.0), interval '2 minutes') as step,
    $__timeFrom()::timestamptz as since, $__timeTo()::timestamptz as until
), zones as (
  select z.camera, z.zone, 'water_state/' || z.zone as parameter, z.name || ' · ' || c.name as name, c.silent_after_s,
    c.id in (select untaught_at($__timeTo()::timestamptz)) as untaught
  from zone z join camera c on c.id = z.camera
  where z.kind = 'water' and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($camera) or c.id in ($camera))
), stepped as (
  -- The worst that was known in a step; {unknown} where nothing was.
  select z.camera, z.zone, z.name, z.silent_after_s, date_bin(s.step, o.at, 'epoch') as at, max(o.at) as last,
    coalesce(max(o.value) filter (where o.flag in (1, 3) and o.value >= 0), {unknown}) as value
  from zones z cross join span s
  join observation o on o.station = z.camera and o.parameter = z.parameter and $__timeFilter(o.at)
  where not z.untaught
  group by 1, 2, 3, 4, 5
), ranked as (
  select camera, zone, row_number() over (order by max(value) desc, bool_or(value < 0) desc, name) as turn, count(*) over () as many
  from stepped group by camera, zone, name
), lanes as (
  select case when r.turn <= 8 or r.many = 9 then s.name else 'còn ' || r.many - 8 || ' vùng, lúc xấu nhất' end as lane,
    case when r.turn <= 8 or r.many = 9 then r.turn else 99 end as turn, s.at, max(s.last) as last, max(s.value) as value, max(s.silent_after_s) as silent_after_s
  from stepped s join ranked r using (camera, zone) group by 1, 2, 3
), held as (
  select l.*, lead(l.at) over w as next, lag(l.value) over w as before, lag(l.last) over w as last_before
  from lanes l window w as (partition by lane order by at)
), points as (
  select lane, turn, at, value from held
  where before is null or value <> before or at - last_before > make_interval(secs => silent_after_s)
  union all
  -- Nothing came for longer than the camera's patience: not known from then on.
  select lane, turn, last + make_interval(secs => silent_after_s), {unknown} from held, span
  where coalesce(next, until) - last > make_interval(secs => silent_after_s)
  union all
  select lane, turn, last + interval '1 second', {ended} from held, span
  where next is null and until - last <= make_interval(secs => silent_after_s)
  union all
  select count(*) || ' camera chưa dạy', 100, since, {untaught} from (select distinct camera from zones where untaught) u, span group by since having count(*) > 0
)
select at as time, lane as metric, value::float8 as value from points where at <= $__timeTo() order by 1, turn;
