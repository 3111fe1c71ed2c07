-- Cảnh báo đang mở, nặng trước: mức hiện nay từ bao giờ, giá trị lúc này, đã báo ai, ai đã nhận / open alerts, the worst first.
select a.name as "Nơi", a.parameter_vi as "Việc", a.shape || ' ' || s.vi as "Tình trạng", a.level_vi as "Mức", coalesce(a.value_vi, '–') as "Giá trị",
  to_char(a.since at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Từ lúc",
  to_char(a.first_since at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Mở từ",
  a.told || ' tin' as "Đã báo", coalesce(nullif(a.told_vi, ''), '–') as "Ai", coalesce(nullif(a.answered_vi, ''), '–') as "Trả lời",
  coalesce(p.title, '–') as "Sổ tay", coalesce(p.address, '') as "so_tay"
from open_alerts_at($__timeTo()) a join state s on s.code = a.state
-- The page of the level, else of the next lower one that has a page.
left join lateral (select * from playbook b where b.kind = a.kind and b.level <= a.level order by b.level desc limit 1) p on true
where '*' in ($hamlet) or cardinality(a.hamlets) = 0 or a.hamlets && array[$hamlet]::text[];
