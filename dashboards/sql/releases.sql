-- Nước hồ xả đang về / water that a reservoir let go, on its way.
select s.name as "Hồ", low.count || ' m³/s' as "Xả",
  to_char(low.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Từ lúc",
  to_char((low.at + make_interval(mins => (low.value * 60)::int)) at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') || '–' ||
    to_char((low.at + make_interval(mins => (high.value * 60)::int)) at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Về tới nơi"
from derived low
join derived high on high.station = low.station and high.at = low.at and high.parameter = 'release_high'
join station s on s.id = low.station
where low.parameter = 'release_low' and low.at <= $__timeTo()
  and low.at + make_interval(mins => (high.value * 60)::int) >= $__timeTo()::timestamptz
order by low.at desc;
