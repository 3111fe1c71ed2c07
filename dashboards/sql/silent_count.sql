-- Số cảm biến mất tín hiệu / sensors that are silent now. Never spoken counts as silent.
-- By when the newest reading came: a station whose clock is slow is not silent (one alert of silence is of a whole station).
select count(*) filter (
  where last.heard is null or last.heard < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s)
) as "mất tín hiệu"
from station_parameter p
left join lateral (
  select greatest(at, least(received_at, $__timeTo()::timestamptz)) as heard from observation o
  where o.station = p.station and o.parameter = p.parameter and o.at <= $__timeTo()
  order by at desc limit 1
) last on true;
