-- Từng cảm biến: giá trị cuối, tình trạng và độ tin cậy, mất tín hiệu trước / each sensor's last word, the silent first.
select s.name as "Trạm",
  coalesce(w.vi, p.parameter) as "Thông số",
  trim_scale(round(last.value::numeric, 2)) || ' ' ||
    replace(replace(replace(p.unit, 'ug/m3', 'µg/m³'), 'uS/cm', 'µS/cm'), 'C', '°C') as "Giá trị",
  case
    when last.at is null then 'CHƯA CÓ TÍN HIỆU'
    when last.heard < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) then 'MẤT TÍN HIỆU'
    when last.checked >= 4 then 'KHÔNG DÙNG ĐƯỢC' || coalesce(': ' || found.vi, '')
    when doubt.alert is not null then 'KHÔNG TIN ĐƯỢC'
    when wrong.alert is not null then 'ĐỒNG HỒ SAI'
    when last.checked = 3 then 'nghi ngờ' || coalesce(': ' || found.vi, '')
    else 'bình thường'
  end as "Trạng thái",
  coalesce(round(100 * trust.value::numeric) || ' %', '–') as "Tin cậy",
  to_char(last.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc"
from station_parameter p
join station s on s.id = p.station
left join word w on w.kind = 'parameter' and w.code = p.parameter
left join lateral (
  select at, value, checked, tests, greatest(at, least(received_at, $__timeTo()::timestamptz)) as heard
  from observation_checked o
  where o.station = p.station and o.parameter = p.parameter and o.at <= $__timeTo()
  order by at desc limit 1
) last on true
left join lateral (
  select string_agg(t.vi, ', ') as vi from word t where t.kind = 'test' and t.code = any(last.tests)
) found on true
left join lateral (
  select value from derived d
  where d.station = p.station and d.parameter = 'trust_' || p.parameter and d.at <= $__timeTo()
  order by at desc limit 1
) trust on true
left join lateral (
  select alert from alert a
  where a.kind = 'untrusted' and a.station = p.station and a.parameter = p.parameter
    and a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
  limit 1
) doubt on true
left join lateral (
  -- Of the station as a whole: its parameter is 'station'.
  select alert from alert a
  where a.kind = 'clock' and a.station = p.station
    and a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
  limit 1
) wrong on true
order by (last.at is null or last.heard < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s)) desc, 1, 2;
