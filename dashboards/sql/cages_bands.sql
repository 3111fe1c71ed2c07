-- Dải của từng mức ôxy, nặng nhất ở dưới; mức lấy từ cấu hình / the band of each oxygen level, the worst at the bottom.
with limits as (
  select l.level, l.name, l.raise_at, coalesce(lag(l.raise_at) over (order by l.raise_at), 0) as since
  from (
    select distinct r.level, r.name, r.raise_at from rule_level r
    where r.parameter = 'dissolved_oxygen' and r.direction = 'below' and r.level is not null and r.station = (
      select min(x.station) from rule_level x join place_name c on c.kind = 'cages' and c.place = x.station
      where x.parameter = 'dissolved_oxygen' and ('*' in ($station) or x.station in ($station))
    )
  ) l
)
-- Grafana stacks series in the order of their names: the number is the turn.
select edge.at as time, 'dải ' || dense_rank() over (order by l.raise_at) || ' ' || s.shape || ' ' || l.name as metric, l.raise_at - l.since as value
from limits l
cross join lateral (select * from state where known order by rank desc offset least(l.level, 3) limit 1) s
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
order by 1, l.raise_at;
