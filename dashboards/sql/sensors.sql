-- Từng cảm biến: giá trị cuối và tình trạng, mất tín hiệu trước / each sensor's last word, the silent first.
select s.name as "Trạm",
  coalesce(w.vi, p.parameter) as "Thông số",
  trim_scale(round(last.value::numeric, 2)) || ' ' ||
    replace(replace(replace(p.unit, 'ug/m3', 'µg/m³'), 'uS/cm', 'µS/cm'), 'C', '°C') as "Giá trị",
  case
    when last.at is null then 'CHƯA CÓ TÍN HIỆU'
    when last.at < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) then 'MẤT TÍN HIỆU'
    when last.flag >= 4 then 'NGOÀI PHẠM VI'
    else 'bình thường'
  end as "Trạng thái",
  to_char(last.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc"
from station_parameter p
join station s on s.id = p.station
left join word w on w.kind = 'parameter' and w.code = p.parameter
left join lateral (
  select at, value, flag from observation o
  where o.station = p.station and o.parameter = p.parameter and o.at <= $__timeTo()
  order by at desc limit 1
) last on true
order by (last.at is null or last.at < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s)) desc, 1, 2;
