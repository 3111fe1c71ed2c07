-- Số người trong từng vùng, đông nhất của mỗi quãng; khi không rõ thì trống / people in each zone, the most of each step; a gap where unknown.
select b.at as time, b.zone_name || ' · ' || b.camera_name || repeat(chr(8203), (dense_rank() over (order by n.place) - 1)::int % 8) as metric, b.high as value
from people_buckets($__timeFrom()::timestamptz, $__timeTo()::timestamptz, make_interval(secs => $__interval_ms / 1000.0)) b
join place_name n on n.kind = 'zone' and n.place = b.camera || '/' || b.zone
where ('*' in ($hamlet) or n.hamlets && array[$hamlet]) and ('*' in ($camera) or n.camera in ($camera))
order by 1;
