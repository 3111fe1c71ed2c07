-- Mực nước mới nhất; trống nếu trạm im lặng / newest level; empty when the gauge is silent.
select case when last.at > $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) then last.value end as "mực nước"
from station_parameter p
left join lateral (
  select at, value from observation o
  where o.station = p.station and o.parameter = p.parameter and o.flag < 4 and o.at <= $__timeTo()
  order by at desc limit 1
) last on true
where p.parameter = 'river_level'
limit 1;
