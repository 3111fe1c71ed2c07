-- Các mức đông người, mỗi mức một đường có hình, tên và số / the levels of zones, each a line with its shape, name and number.
select edge.at as time, '— ' || s.shape || ' ' || r.name || ' ' || value_vi(r.raise_at, r.unit) as metric, r.raise_at as value
from (
  select distinct l.level, l.name, l.raise_at, l.unit from rule_level l join zone z on z.camera = l.station and z.parameter = l.parameter
  where l.level is not null and l.parameter like '{analytic}/%' and ('*' in ($camera) or l.station in ($camera))
) r
cross join lateral (select * from state where known order by rank desc offset least(r.level, 3) limit 1) s
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1, r.raise_at;
