-- Từng cảm biến: số cuối, tuổi, tình trạng và vì sao; không ổn trước / each sensor's last word, its age and why it is not well; those first.
select s.name as "Trạm",
  coalesce(w.vi, p.parameter) as "Thông số",
  case when last.at is null then 'chưa đo bao giờ' else value_vi(last.value, p.unit) end as "Số cuối",
  case when last.at is null then '–' else ago(last.at, $__timeTo()::timestamptz) end as "Đo",
  case
    when last.at is null then 'chưa có tín hiệu'
    when last.heard < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) then 'mất tín hiệu'
    when last.checked >= 4 then 'không dùng được'
    when doubt.alert is not null then 'không tin được'
    when wrong.alert is not null then 'đồng hồ sai'
    when last.checked = 3 then 'nghi ngờ'
    else 'bình thường'
  end as "Trạng thái",
  coalesce(found.vi, '–') as "Kiểm tra thấy",
  coalesce(round(100 * trust.value::numeric) || ' %', '–') as "Tin cậy"
from station_parameter p
join station s on s.id = p.station
left join word w on w.kind = 'parameter' and w.code = p.parameter
left join lateral (
  -- By when the newest reading came: a station whose clock is slow is not silent.
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
  -- An open alert of this sensor whose kind says that it is not known how it is.
  select alert from real_alert a join alert_kind k on k.code = a.kind and k.state is not null
  where a.station = p.station and a.parameter = p.parameter
    and a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
  limit 1
) doubt on true
left join lateral (
  -- Of the station as a whole: its parameter is 'station'.
  select alert from real_alert a
  where a.kind = 'clock' and a.station = p.station
    and a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
  limit 1
) wrong on true
where '*' in ($station) or p.station in ($station)
order by case when last.at is null then 0
    when last.heard < $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) then 1
    when last.checked >= 4 then 2 when doubt.alert is not null then 3 when wrong.alert is not null then 4
    when last.checked = 3 then 5 else 6 end, 1, 2;
