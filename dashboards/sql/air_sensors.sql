-- Máy đo ở trạm không khí: số cuối và tuổi / the instruments of the air stations, their last value and its age.
select n.name as "Trạm", coalesce(w.vi, p.parameter) as "Thông số",
  case when o.at is null then 'chưa đo bao giờ' else value_vi(o.value, o.unit) end as "Số cuối",
  case when o.at is null then '–' else ago(o.at, $__timeTo()::timestamptz) end as "Đo",
  case when o.at is null then 'chưa có tín hiệu' when not o.fresh then 'mất tín hiệu' when o.checked >= 4 then 'không dùng được'
    when o.checked = 3 then 'nghi ngờ' else 'bình thường' end as "Máy đo"
from place_name n
join station_parameter p on p.station = n.place
left join word w on w.kind = 'parameter' and w.code = p.parameter
left join lateral (
  select x.at, x.value, x.unit, x.checked,
    greatest(x.at, least(x.received_at, $__timeTo()::timestamptz)) >= $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) as fresh
  from observation_checked x
  where x.station = p.station and x.parameter = p.parameter and x.at <= $__timeTo()
  order by x.at desc limit 1
) o on true
where n.kind = 'air' and ('*' in ($hamlet) or n.hamlets && array[$hamlet]) and ('*' in ($station) or n.place in ($station))
order by 1, o.fresh nulls first, 2;
