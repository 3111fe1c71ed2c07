-- Mưa từng giờ, mm; giờ đầu tính trọn giờ / hourly rain; the window's first hour is a whole one.
select date_trunc('hour', o.at) as time, s.name as metric, sum(o.value) as value
from observation o
join station s on s.id = o.station
where o.parameter = 'rain' and o.flag in (1, 3) and o.at >= date_trunc('hour', $__timeFrom()::timestamptz) and o.at <= $__timeTo()
  and ('*' in ($station) or o.station in ($station))
group by 1, 2
order by 1;
