-- Mức báo động, mỗi mức một đường có hình và tên / alarm levels as lines, each with its shape and name.
select edge.at as time, '— ' || s.shape || ' ' || r.name || ' ' || value_vi(r.raise_at, r.unit) as metric, r.raise_at as value
from (
  select distinct level, name, raise_at, unit from rule_level
  where parameter = '{parameter}' and level is not null and ('*' in ($station) or station in ($station))
) r
cross join lateral (select * from state where known order by rank desc offset least(r.level, 3) limit 1) s
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1, r.raise_at;
