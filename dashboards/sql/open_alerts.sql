-- Cảnh báo đang mở, nặng trước / open alerts, the worst first.
select coalesce(s.name, a.station) as "Nơi",
  case a.kind when 'river' then 'Mực nước' when 'oxygen' then 'Ôxy' when 'air' then 'Không khí'
    when 'rain' then 'Mưa' when 'flood' then 'Ngập' when 'fish' then coalesce(w.vi, 'Cá lồng')
    when 'crowd' then 'Đông người' when 'payment' then 'Khoản tiền'
    when 'silent' then case a.parameter when 'station' then 'Trạm' else coalesce(w.vi, a.parameter) end
    when 'clock' then 'Đồng hồ' when 'outage' then case a.parameter when 'link' then 'Nhiều trạm' else 'Hệ thống: ' || a.parameter end
    else coalesce(w.vi, a.parameter) end as "Loại",
  coalesce(r.name, case a.kind when 'frozen' then 'đứng hình' when 'untrusted' then 'không tin được' when 'clock' then 'sai giờ' when 'outage' then 'sự cố' when 'payment' then 'bất thường'
    when 'blind' then 'không nhìn thấy'
    when 'flood' then case n.level when 1 then 'cần kiểm tra' else 'báo động' end else 'mất tín hiệu' end)
    as "Mức",
  case when a.kind in ('silent', 'frozen', 'untrusted', 'outage') then greatest(round(n.value / 60), 0) || ' phút'
    when a.kind = 'clock' then case when n.value < 0 then 'nhanh ' else 'chậm ' end || round(abs(n.value) / 60) || ' phút'
    when a.kind = 'flood' then n.value || ' nguồn báo' when a.kind = 'blind' then 'không đếm được'
    when a.unit = 'VND' then replace(to_char(n.value, 'FM999,999,999,999'), ',', '.') || ' đ'
    else trim_scale(round(n.value::numeric, 2)) || ' ' ||
      replace(replace(replace(a.unit, 'ug/m3', 'µg/m³'), 'people', 'người'), 'VND', 'đ') end as "Giá trị",
  to_char(a.raised_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Từ lúc",
  n.level as "Cấp"
from alert a
-- As it stood at the end of the window: a look at yesterday must not show today's level.
join lateral (
  select c.level, c.value from alert_change c where c.alert = a.alert and c.at <= $__timeTo() order by c.seq desc limit 1
) n on true
left join place s on s.id = a.station
left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = n.level
left join word w on w.kind = 'parameter' and w.code = a.parameter
where a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
order by (a.kind not in ('silent', 'frozen', 'untrusted', 'blind', 'clock', 'outage')) desc, n.level desc, a.raised_at desc
limit 50;
