-- Mực nước đã kiểm tra / checked river level.
select o.at as time, s.name as metric, o.value
from observation o
join station s on s.id = o.station
where o.parameter = 'river_level' and o.flag < 4 and $__timeFilter(o.at)
order by 1;
