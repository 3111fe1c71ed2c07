-- Sông 12 giờ qua và 6 giờ tới: dải báo động, mực nước, dự báo có khoảng, thang mốc của xã / the river, its bands, forecast and ladder of marks.
with gauge as (
  select p.*, $__timeTo()::timestamptz as t from places_at($__timeTo()) p
  join station_parameter has on has.station = p.place and has.parameter = 'river_level' -- a station of rain alone is no river
  where p.kind = 'gauge' and ({chosen}) order by p.rank, p.since nulls last limit 1
),
level as (
  select l.raise_at, l.name, s.colour, s.shape, lead(l.raise_at) over (order by l.raise_at) as until
  from (select distinct r.level, r.name, r.raise_at from rule_level r join gauge g on g.place = r.station
    where r.parameter = 'river_level' and r.level is not null) l
  cross join lateral (select * from state where known order by rank desc offset least(l.level, 3) limit 1) s
),
measured as (
  select o.at, o.value, o.at - lag(o.at) over (order by o.at) > make_interval(secs => q.silent_after_s) as torn
  from (
    select date_bin('5 minutes', o.at, g.t) as at, avg(o.value) as value from observation o join gauge g on g.place = o.station
    where o.parameter = 'river_level' and o.flag in (1, 3) and o.at <= g.t and o.at > g.t - interval '12 hours' group by 1
  ) o
  join gauge g on true join station_parameter q on q.station = g.place and q.parameter = 'river_level'
),
newest as (select at, value from measured order by at desc limit 1),
ladder as (
  select l.*, row_number() over (order by l.kind <> 'alarm', abs(l.distance_m) nulls last) as turn
  from gauge g cross join lateral ladder_at(g.place, g.t) l
),
-- How far to the next level, in hours: only while it rises, a centimetre in the last hour at least.
ahead as (
  select n.at, n.value, next.raise_at, likely.value as likely, low.value as low, high.value as high
  from gauge g join newest n on n.at > g.t - interval '1 hour'
  join lateral (select min(raise_at) as raise_at from level where raise_at > n.value) next on next.raise_at is not null
  join lateral (select m.value from measured m where m.at <= n.at - interval '55 minutes' order by m.at desc limit 1) before
    on n.value >= before.value + 0.01
  join lateral (select d.at from derived d where d.station = g.place and d.parameter = 'river_next'
    and d.at <= g.t and d.at > n.at - interval '15 minutes' order by d.at desc limit 1) rise on true
  join derived likely on likely.station = g.place and likely.parameter = 'river_next' and likely.at = rise.at
  join derived low on low.station = g.place and low.parameter = 'river_next_low' and low.at = rise.at
  join derived high on high.station = g.place and high.parameter = 'river_next_high' and high.at = rise.at
),
span as (
  select least(min(v), coalesce((select min(value) from measured), 'infinity')) - 0.2 as low, greatest(max(v), coalesce((select max(value) from measured), '-infinity')) + 0.3 as high
  from (select level as v from ladder where turn <= 14 union all select raise_at from level) each
),
-- Pixels: time from 12 hours ago (10) to 6 hours ahead (430); height from the lowest (345) to the highest (8).
line as (
  select string_agg(case when torn is false then 'L' else 'M' end || round((10 + 420 * (43200 + extract(epoch from m.at - g.t)) / 64800)::numeric, 1)
    || ' ' || round((345 - 337 * (m.value - s.low) / (s.high - s.low))::numeric, 1), '' order by m.at) as d
  from measured m cross join span s cross join gauge g
),
grounds as (
  -- A band has its colour once the water stands in it or above; those that it has not reached are grey.
  select string_agg('<rect x="10" width="420" y="' || round((345 - 337 * (coalesce(l.until, s.high) - s.low) / (s.high - s.low))::numeric, 1)
    || '" height="' || round((337 * (coalesce(l.until, s.high) - l.raise_at) / (s.high - s.low))::numeric, 1) || '" fill="' || l.paint
    || '" fill-opacity="' || case when l.reached then '.3' else '.1' end || '"/><path stroke="' || l.paint || '" stroke-width="1.5" d="M10 '
    || round((345 - 337 * (l.raise_at - s.low) / (s.high - s.low))::numeric, 1) || 'H430"/><text x="16" y="'
    || round((345 - 337 * (l.raise_at - s.low) / (s.high - s.low))::numeric - 6, 1) || '" font-size="20" fill="' || l.paint || '">' || l.shape || ' '
    || replace(replace(l.name, '&', '&amp;'), '<', '&lt;') || ' ' || value_vi(l.raise_at, g.unit) || '</text>', '') as svg
  from (
    select l.*, n.value >= l.raise_at as reached, case when n.value >= l.raise_at then l.colour else '#9aa0a6' end as paint
    from level l left join newest n on true
  ) l cross join span s cross join (select coalesce(nullif(unit, ''), 'm') as unit from gauge) g
),
forecast as (
  select '<g clip-path="url(#chart)"><path fill="#e8eaed" fill-opacity=".18" d="M' || x.x || ' ' || x.y || 'L' || x.low || ' ' || x.top || 'L' || x.high || ' ' || x.top
    || 'Z"/><path stroke="#e8eaed" stroke-width="3" stroke-dasharray="8 7" fill="none" d="M' || x.x || ' ' || x.y || 'L' || x.likely || ' ' || x.top || '"/></g>' as svg
  from (
    select round((10 + 420 * (43200 + extract(epoch from a.at - g.t)) / 64800)::numeric, 1) as x,
      round((345 - 337 * (a.value - s.low) / (s.high - s.low))::numeric, 1) as y, round((345 - 337 * (a.raise_at - s.low) / (s.high - s.low))::numeric, 1) as top,
      round((10 + 420 * (43200 + extract(epoch from a.at - g.t) + 3600 * a.low) / 64800)::numeric, 1) as low,
      round((10 + 420 * (43200 + extract(epoch from a.at - g.t) + 3600 * a.likely) / 64800)::numeric, 1) as likely,
      round((10 + 420 * (43200 + extract(epoch from a.at - g.t) + 3600 * a.high) / 64800)::numeric, 1) as high
    from ahead a cross join span s cross join gauge g
  ) x
),
rung as (
  select l.*, row_number() over (order by l.level desc, l.vi) as i, 345 - 337 * (l.level - s.low) / (s.high - s.low) as y
  from (select * from ladder where kind <> 'alarm' order by turn limit 11) l cross join span s
),
-- A label a row: pushed down where the one above stands too near, and up again where the last would leave the picture.
seated as (
  select r.*, least(greatest(18 + 29 * (r.i - 1), max(r.y + 6 - 29 * r.i) over (order by r.i) + 29 * r.i), 350 - 29 * (count(*) over () - r.i)) as seat from rung r
),
rungs as (
  select string_agg('<path stroke="#80868b" stroke-width="1.5" fill="none" d="M430 ' || round(r.y::numeric, 1) || 'L450 ' || round(r.seat::numeric - 6, 1) || '"/>'
    -- What would be cut off where the letters are wide (DejaVu) is drawn as wide as there is room.
    || '<text x="454" y="' || round(r.seat::numeric, 1) || '" font-size="22"'
    || case when length(r.said) > case when r.reached then 27 else 31 end then ' textLength="438" lengthAdjust="spacingAndGlyphs"' else '' end || case when r.reached then ' font-weight="700" fill="#fff">■ ' when r.reached is null then ' fill="#9aa0a6">? ' else ' fill="#bdc1c6">□ ' end
    || replace(replace(r.said, '&', '&amp;'), '<', '&lt;') || '</text>', '') as svg
  from (
    select *, left(vi, 30) || ' ' || case when reached or distance_m is null then value_vi(level, 'm') else 'còn ' || value_vi(distance_m, 'm') end as said
    from seated
  ) r
),
hours as (
  select string_agg('<path stroke="#3c4043" d="M' || x || ' 8V345"/><text x="' || x || '" y="365" font-size="20" text-anchor="'
    || case ahead when -12 then 'start' when 6 then 'end' else 'middle' end || '" fill="#bdc1c6">'
    || case when ahead = 0 then to_char(g.t at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') else to_char(ahead, 'FMSG90') || ' giờ' end || '</text>', '') as svg
  from gauge g cross join (select h as ahead, 10 + 420 * (h + 12) / 18 as x from generate_series(-12, 6, 6) h) each
)
select '<img style="width:100%" alt="' || coalesce((select replace(replace(replace(vi, '&', '&amp;'), '<', '&lt;'), '"', '') from gauge), 'chưa có trạm đo mực nước') || '" src="data:image/svg+xml;base64,' || translate(encode(convert_to(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 370" font-family="sans-serif"><clipPath id="chart"><rect x="10" y="8" width="420" height="337"/></clipPath>'
  || coalesce((select svg from grounds), '') || coalesce((select svg from hours), '')
  || '<path stroke="#e8eaed" stroke-width="2" stroke-dasharray="2 4" d="M290 8V345"/>'
  || coalesce((select svg from forecast), '')
  || coalesce((select '<path stroke="#fff" stroke-width="4" stroke-linejoin="round" fill="none" d="' || d || '"/>' from line where d is not null),
    '<text x="40" y="180" font-size="24" fill="#bdc1c6">không có số liệu trong 12 giờ</text>')
  || coalesce((select '<circle cx="' || round((10 + 420 * (43200 + extract(epoch from n.at - g.t)) / 64800)::numeric, 1) || '" cy="'
      || round((345 - 337 * (n.value - s.low) / (s.high - s.low))::numeric, 1) || '" r="7" fill="' || case when g.known and g.rank < (select max(rank) from state) then g.colour else '#9aa0a6' end
      || '" stroke="#fff" stroke-width="3"/><text x="' || round((10 + 420 * (43200 + extract(epoch from n.at - g.t)) / 64800)::numeric, 1) || '" y="'
      || greatest(30, round((345 - 337 * (n.value - s.low) / (s.high - s.low))::numeric - 16, 1)) || '" font-size="30" font-weight="700" text-anchor="middle" fill="#fff" stroke="#111" stroke-width="5" paint-order="stroke">'
      || value_vi(n.value, 'm') || '</text>' from newest n cross join span s cross join gauge g), '')
  || coalesce((select svg from rungs), '')
  || '</svg>', 'UTF8'), 'base64'), E'\n', '') || '">' as html;
