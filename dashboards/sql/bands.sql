-- Dải của từng mức, chồng lên nhau từ dưới; mức lấy từ cấu hình / the band of each level, stacked from below; levels are the configuration's.
with limits as (
  select l.level, l.name, l.raise_at, lead(l.raise_at) over (order by l.raise_at) as until
  from (
    -- The gauges on one graph share their levels or there is one of them: the first one's are drawn.
    select distinct r.level, r.name, r.raise_at from rule_level r
    where r.parameter = '{parameter}' and r.level is not null and r.station = (
      select min(station) from rule_level where parameter = '{parameter}' and ('*' in ($station) or station in ($station))
    )
  ) l
),
top as (
  select greatest(max(l.raise_at) + 1, (
    -- Sensor by sensor: the index is by sensor, and an hour of cameras is more rows than a year of gauges.
    select max(v.highest) + 0.5 from station_parameter p
    cross join lateral (
      select max(o.value) as highest from observation o
      where o.station = p.station and o.parameter = p.parameter and o.flag in (1, 3) and $__timeFilter(o.at)
    ) v
    where p.parameter = '{parameter}' and ('*' in ($station) or p.station in ($station))
  )) as value from limits l
),
band as (
  select 0 as turn, 'dải ' || (select shape from state order by rank desc limit 1) as metric, min(raise_at) as height from limits
  union all
  select row_number() over (order by l.raise_at), 'dải ' || s.shape || ' ' || l.name, coalesce(l.until, (select value from top)) - l.raise_at
  from limits l cross join lateral (select * from state where known order by rank desc offset least(l.level, 3) limit 1) s
)
-- Grafana stacks series in the order of their names: the number is the turn.
select edge.at as time, replace(b.metric, 'dải ', 'dải ' || b.turn || ' ') as metric, b.height as value
from band b cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as edge (at)
where b.height is not null
order by 1, b.turn;
