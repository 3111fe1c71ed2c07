-- Tốc độ lên xuống trong một giờ, cm/giờ / rate of rise over one hour.
select at as time, s.name as metric, 100 * (value - before) as value
from (
  select o.at, o.station, o.value,
    first_value(o.value) over (
      partition by o.station order by o.at range between interval '1 hour' preceding and current row) as before
  from observation o
  where o.parameter = 'river_level' and o.flag < 4 and $__timeFilter(o.at)
) levels
join station s on s.id = levels.station
order by 1;
