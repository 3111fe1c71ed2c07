-- Số liệu lưu mỗi phút / readings stored a minute.
select $__timeGroup(at, '1m') as time, count(*) as "số liệu"
from observation
where $__timeFilter(at)
group by 1
order by 1;
