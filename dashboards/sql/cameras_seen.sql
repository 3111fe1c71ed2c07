-- Nước camera thấy, sáu vùng nhiều nước nhất, cao nhất của mỗi quãng; không rõ thì trống / water as cameras see it, the six zones with most of it, the highest of each step; a gap where not known.
with found as (
  select z.camera, z.zone, z.name || ' · ' || c.name as name,
    date_bin(greatest(make_interval(secs => $__interval_ms / 1000.0), interval '2 minutes'), o.at, 'epoch') as at, max(o.{column}) filter (where o.flag in (1, 3)) as value
  from zone z
  join camera c on c.id = z.camera
  join observation o on o.station = z.camera and o.parameter = '{analytic}/' || z.zone and $__timeFilter(o.at)
  -- What only the net of an untaught camera says is no measurement.
  where z.camera not in (select untaught_at($__timeTo()::timestamptz) where z.kind = 'water')
    and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($camera) or c.id in ($camera))
  group by 1, 2, 3, 4
), most as (
  select camera, zone, name, row_number() over (order by max({order}) desc nulls last, name) as turn from found group by 1, 2, 3
)
select f.at as time, f.name || repeat(chr(8203), (m.turn - 1)::int % 8) as metric, {scale} * f.value as value
from found f join most m using (camera, zone, name)
where m.turn <= 6
order by 1, m.turn;
