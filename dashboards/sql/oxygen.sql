-- Ôxy hoà tan tại lồng cá / dissolved oxygen at the cages.
select o.at as time, s.name as metric, o.value
from observation o
join station s on s.id = o.station
where o.parameter = 'dissolved_oxygen' and o.flag < 4 and $__timeFilter(o.at)
order by 1;
