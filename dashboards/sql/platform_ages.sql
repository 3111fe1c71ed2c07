-- Số liệu mới nhất của từng nguồn bao nhiêu tuổi / how old the newest datum of each source is.
select x.name as "Nguồn",
  case when x.at is null then 'không có số liệu trong 30 ngày' else ago(x.at, $__timeTo()::timestamptz) end as "Tuổi"
from (
  -- The planner leaves out all older chunks: `at time zone` on constants is immutable.
  select 1 as turn, 'Trạm đo' as name, max(last.at) as at
  from station_parameter p
  left join lateral (
    select o.at from observation o where o.station = p.station and o.parameter = p.parameter and o.at <= $__timeTo() and o.at > ($__timeTo()::timestamptz at time zone 'UTC' - interval '30 days') at time zone 'UTC' order by o.at desc limit 1
  ) last on true
  union all
  select 2, 'Camera', max(last.at)
  from zone z
  left join lateral (
    select o.at from observation o where o.station = z.camera and o.parameter = z.parameter and o.at <= $__timeTo() and o.at > ($__timeTo()::timestamptz at time zone 'UTC' - interval '30 days') at time zone 'UTC' order by o.at desc limit 1
  ) last on true
  union all
  select 3, 'Thanh toán', (select max(at) from payment where at <= $__timeTo())
  union all
  select 4, 'Cảnh báo', (select max(at) from alert_change where at <= $__timeTo() and alert not like 'drill-%')
  union all
  select 5, 'Câu nói của các nơi', (select max(at) from place_history where at <= $__timeTo())
) x
order by x.turn;
