-- Cảnh báo đang mở, nặng trước / open alerts, the worst first.
select s.name as "Trạm",
  case a.kind when 'river' then 'Mực nước' when 'oxygen' then 'Ôxy' when 'air' then 'Không khí'
    else coalesce(w.vi, a.parameter) end as "Loại",
  coalesce(r.name, 'mất tín hiệu') as "Mức",
  case a.kind when 'silent' then round(a.value / 60) || ' phút'
    else trim_scale(round(a.value::numeric, 2)) || ' ' || replace(a.unit, 'ug/m3', 'µg/m³') end as "Giá trị",
  to_char(a.raised_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Từ lúc",
  a.level as "Cấp"
from alert a
join station s on s.id = a.station
left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = a.level
left join word w on w.kind = 'parameter' and w.code = a.parameter
where a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
order by (a.kind <> 'silent') desc, a.level desc, a.raised_at desc
limit 50;
