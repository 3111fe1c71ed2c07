-- Số cảm biến mất tín hiệu / sensors that are silent now. Never spoken counts as silent.
select count(*) filter (
  where last.at is null or last.at < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s)
) as "mất tín hiệu"
from station_parameter p
left join lateral (
  select at from observation o
  where o.station = p.station and o.parameter = p.parameter and o.at <= $__timeTo()
  order by at desc limit 1
) last on true;
