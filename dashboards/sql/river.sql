-- Mực nước đã kiểm tra, thưa ra cho vừa màn hình / checked river level, as many points as the screen has pixels.
select date_bin(greatest(make_interval(secs => $__interval_ms / 1000.0), interval '1 minute'), o.at, 'epoch') as time,
  s.name as metric, avg(o.value) as value
from observation o
join station s on s.id = o.station
where o.parameter = 'river_level' and o.flag in (1, 3) and $__timeFilter(o.at) and ('*' in ($station) or o.station in ($station))
group by 1, 2
order by 1;
