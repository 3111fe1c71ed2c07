-- PM2.5 trung bình từng giờ / hourly PM2.5.
select d.at as time, s.name as metric, d.value
from derived d
join station s on s.id = d.station
where d.parameter = 'pm25_1h' and $__timeFilter(d.at)
order by 1;
