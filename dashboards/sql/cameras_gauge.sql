-- Mực nước các trạm bên cạnh, đã kiểm tra / the checked level of the gauges, beside what cameras see.
select date_bin(greatest(make_interval(secs => $__interval_ms / 1000.0), interval '2 minutes'), o.at, 'epoch') as time,
  '≈ ' || s.name || ' (m, trục phải)' as metric, avg(o.value) as value
from observation_checked o
join station s on s.id = o.station
where o.parameter = 'river_level' and o.checked < 4 and $__timeFilter(o.at)
  and o.station in (
    select p.station from station_parameter p where p.parameter = o.parameter order by p.station limit 3)
group by 1, 2
order by 1;
