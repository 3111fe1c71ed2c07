-- Từng cảm biến: giá trị cuối, cờ, im lặng bao lâu / each sensor's last word.
select s.name as "Trạm",
  p.parameter as "Thông số",
  last.value as "Giá trị",
  p.unit as "Đơn vị",
  case
    when last.at is null then 'CHƯA CÓ TÍN HIỆU'
    when last.at < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) then 'MẤT TÍN HIỆU'
    when last.flag >= 4 then 'NGOÀI PHẠM VI'
    else 'bình thường'
  end as "Trạng thái",
  extract(epoch from $__timeTo()::timestamptz - last.at) as "Im lặng"
from station_parameter p
join station s on s.id = p.station
left join lateral (
  select at, value, flag from observation o
  where o.station = p.station and o.parameter = p.parameter and o.at <= $__timeTo()
  order by at desc limit 1
) last on true
order by (last.at is null or last.at < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s)) desc, 1, 2;
