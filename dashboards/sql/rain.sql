-- Mưa từng giờ, mm / hourly rain.
select date_trunc('hour', o.at) as time, s.name as metric, sum(o.value) as value
from observation o
join station s on s.id = o.station
where o.parameter = 'rain' and o.flag < 4 and $__timeFilter(o.at)
group by 1, 2
order by 1;
