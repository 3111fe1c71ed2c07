-- Lên, xuống trong đúng một giờ trước mỗi số đo, cm/giờ; giờ đầu đọc cả giờ trước cửa sổ
-- Rise over the one hour before each reading; the first hour of the window reads the hour before.
select at as time, name || ' · trong 1 giờ' as metric, 100 * (value - before) as value
from (
  select o.at, s.name, o.value,
    first_value(o.value) over hour as before, o.at - first_value(o.at) over hour as span
  from observation o
  join station s on s.id = o.station
  where o.parameter = 'river_level' and o.flag in (1, 3) and ('*' in ($station) or o.station in ($station))
    and o.at > $__timeFrom()::timestamptz - interval '70 minutes' and o.at <= $__timeTo()
  window hour as (partition by o.station, s.name order by o.at range between interval '1 hour' preceding and current row)
) levels
-- Less than an hour of readings says nothing of an hour.
where at >= $__timeFrom() and span >= interval '50 minutes'
order by 1;
