-- Còn bao nhiêu bản tin chờ, từng luồng / records that wait, by flow.
select date_bin(greatest(make_interval(secs => $__interval_ms / 1000.0), interval '1 minute'), m.at, 'epoch') as time, m.name || repeat(chr(8203), (dense_rank() over (order by m.name) - 1)::int % 8) as metric, max(m.value) as value
from platform_measure m
where m.what = 'lag' and $__timeFilter(m.at)
group by 1, m.name
order by 1;
