-- Mỗi luồng lưu bao nhiêu bản tin một phút, từ số đếm của nó / records stored a minute by each flow, from its own counter.
select m.at as time, m.name || repeat(chr(8203), (dense_rank() over (order by m.name) - 1)::int % 8) as metric, greatest(m.value - lag(m.value) over of, 0) * 60 / nullif(extract(epoch from m.at - lag(m.at) over of), 0)::float8 as value
from platform_measure m
where m.what = 'stored' and $__timeFilter(m.at)
window of as (partition by m.name order by m.at)
order by 1;
