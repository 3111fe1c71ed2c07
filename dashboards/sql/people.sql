-- Số người trong từng vùng; khi không rõ thì trống / people in each zone; a gap where it is unknown.
select o.at as time, z.name || ' · ' || c.name as metric, case when o.flag = 1 then o.value end as value
from observation o
join zone z on z.camera = o.station and z.parameter = o.parameter
join camera c on c.id = z.camera
where $__timeFilter(o.at)
order by 1;
