-- Các mức đông người, mỗi mức có vùng, tên và số / the levels of crowds with zone, name and number.
select edge.at as time, r.name || ' (' || value_vi(r.raise_at, r.unit) || ')' as metric, r.raise_at as value
from (select distinct name, raise_at, unit from rule_level where kind = 'crowd') r
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1;
