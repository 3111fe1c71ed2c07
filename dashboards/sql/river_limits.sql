-- Mức báo động là hai đầu của một đường ngang / alarm levels as two ends of a line.
select edge.at as time, r.name as metric, r.raise_at as value
from (select distinct name, raise_at from rule_level where kind = 'river') r
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1;
