-- Các mức ôxy của xã, mỗi mức là một đường có tên và số / the commune's oxygen levels, each a line with its name and number.
select edge.at as time, r.name || ' (' || value_vi(r.raise_at, r.unit) || ')' as metric, r.raise_at as value
from (select distinct name, raise_at, unit from rule_level where parameter = 'dissolved_oxygen' and station in (select place from place_name where kind = 'cages')) r
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1;
