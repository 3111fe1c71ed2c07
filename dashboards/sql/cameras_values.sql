-- Trị số của từng vùng theo một cách nhìn, lớn nhất của mỗi quãng / the values of each zone by one analytic, the highest of each step.
select date_bin(greatest(make_interval(secs => $__interval_ms / 1000.0), interval '1 second'), o.at, 'epoch') as time,
  z.name || ' · ' || c.name as metric, max(o.value) filter (where o.flag in (1, 3)) as value
from observation o
join zone z on z.camera = o.station and z.parameter = o.parameter
join camera c on c.id = o.station
where o.parameter like '{analytic}/%' and $__timeFilter(o.at)
  and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($camera) or c.id in ($camera))
group by 1, 2
order by 1;
