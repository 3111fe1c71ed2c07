-- Các mức PM2.5 của xã / the commune's levels of PM2.5.
select edge.at as time, r.name || ' (' || value_vi(r.raise_at, r.unit) || ')' as metric, r.raise_at as value
from (select distinct name, raise_at, unit from rule_level where kind = 'air' and parameter = 'pm25') r
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1;
