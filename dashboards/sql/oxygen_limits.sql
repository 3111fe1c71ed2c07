-- Ngưỡng ôxy của xã cho cá lồng / the commune's oxygen limits.
select edge.at as time, r.name as metric, r.raise_at as value
from (select distinct name, raise_at from rule_level where kind = 'oxygen') r
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1;
