-- Bản đồ xã: nơi nào tình trạng nào; nền vẽ từ bản đồ riêng của xã / the commune's map with live states; its ground is our own (dashboards/ground.py).
with spot (role, code, x, y) as (values {spots}),
placed as (
  select p.*, p.rank = (select max(rank) from state) as calm, a.why is not null as apart,
    coalesce(own.x, {x_of}, home.x) as x, coalesce(own.y, {y_of}, home.y) as y
  from places_at($__timeTo()) p
  left join apart_at($__timeTo()::timestamptz) a on p.kind = 'zone' and a.place = p.place
  left join spot own on own.code = coalesce(p.camera, p.place) and own.role <> 'hamlet'
  left join lateral (
    select avg(s.x) as x, avg(s.y) as y from spot s where s.role = 'hamlet' and s.code = any(p.hamlets)
  ) home on true
),
-- Two zones of one camera stand at one point: the worse is drawn.
drawn as (select distinct on (round(x), round(y)) * from placed where x is not null order by round(x), round(y), apart, rank, since nulls last),
hamlets as (
  select string_agg('<circle cx="' || s.x || '" cy="' || s.y || '" r="3" fill="#5f6368"/><text x="' || s.x + 6 || '" y="' || s.y + 5
    || '" font-size="14" fill="#80868b">' || replace(replace(h.name, '&', '&amp;'), '<', '&lt;') || '</text>', '') as svg
  from spot s join hamlet h on h.code = s.code and h.valid_to is null where s.role = 'hamlet'
),
-- The nine worst are named at the right, each name joined to its point: stations stand too near one another for names beside them.
named as (
  select d.*, row_number() over (order by y, x) as i, count(*) over () as many
  from (select * from drawn where not apart order by rank, since nulls last limit 9) d
),
seated as (
  select n.*, least(greatest(30 + 38 * (n.i - 1), max(n.y + 8 - 38 * n.i) over (order by n.i) + 38 * n.i), {height} - 12 - 38 * (n.many - n.i)) as seat from named n
),
names as (
  select string_agg('<path stroke="' || case when calm then '#5f6368' else '#bdc1c6' end || '" stroke-width="1.5" fill="none" d="M' || x || ' ' || y || 'L'
    || {width} - 352 || ' ' || seat - 8 || '"/><text x="' || {width} - 346 || '" y="' || seat
    -- A long name is drawn as wide as there is room: where the letters are wide (DejaVu, which Linux has) it would be cut off.
    || case when length(name) > 19 then '" textLength="340" lengthAdjust="spacingAndGlyphs' else '' end || case when calm then '" font-size="22" fill="#9aa0a6">' || shape || ' '
      else '" font-size="23" font-weight="700" fill="' || case when known then colour else '#e8eaed' end || '">' || shape || ' ' end
    || replace(replace(case when length(name) > 25 then left(name, 24) || '…' else name end, '&', '&amp;'), '<', '&lt;') || '</text>', '') as svg
  from seated
),
states as (
  -- What cannot be known yet is a small hatched point without a name.
  select string_agg(case when apart then '<circle cx="' || x || '" cy="' || y || '" r="9" fill="url(#unknown)"/>' when calm then '<circle cx="' || x || '" cy="' || y || '" r="9" fill="#202124" stroke="#9aa0a6" stroke-width="3"/>'
    else '<circle cx="' || x || '" cy="' || y || '" r="19" fill="' || case when known then colour else 'url(#unknown)' end
      || '" stroke="#e8eaed" stroke-width="2"/><text x="' || x || '" y="' || y + 9 || '" font-size="26" font-weight="700" text-anchor="middle" fill="#111">'
      || shape || '</text>' end, '' order by not apart, rank desc) as svg
  from drawn
)
select '<img style="width:100%" alt="bản đồ xã với tình trạng từng nơi" src="data:image/svg+xml;base64,' || translate(encode(convert_to(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">'
  '<pattern id="unknown" width="10" height="10" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">'
  '<rect width="10" height="10" fill="#8e8e8e"/><rect width="5" height="10" fill="#c4c4c4"/></pattern>'
  '{ground}'
  || coalesce((select svg from hamlets), '')
  || coalesce((select svg from names), '')
  || coalesce((select svg from states), '<text x="20" y="40" font-size="24" fill="#bdc1c6">chưa biết nơi nào đứng ở đâu</text>')
  || '</svg>', 'UTF8'), 'base64'), E'\n', '') || '">' as html;
