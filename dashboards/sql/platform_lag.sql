-- Còn bao nhiêu bản tin chờ, từng luồng / records that wait, by flow.
select $__timeGroup(m.at, $__interval) as time, m.name as metric, max(m.value) as value
from platform_measure m
where m.what = 'lag' and $__timeFilter(m.at)
group by 1, 2
order by 1;
