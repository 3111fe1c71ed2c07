-- Cảnh báo đang mở, nặng trước / open alerts, the worst first.
select s.name as "Trạm",
  case a.kind when 'river' then 'Mực nước' when 'oxygen' then 'Ôxy' when 'air' then 'Không khí' else 'Mất tín hiệu' end as "Loại",
  coalesce(r.name, 'mất tín hiệu') as "Mức",
  a.value as "Giá trị",
  a.unit as "Đơn vị",
  a.raised_at as "Từ lúc",
  a.level as "Cấp"
from alert a
join station s on s.id = a.station
left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = a.level
where a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
order by (a.kind <> 'silent') desc, a.level desc, a.raised_at desc
limit 50;
