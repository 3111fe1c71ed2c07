-- Sổ lũ như biết được ở cuối cửa sổ: bắt đầu, đỉnh, kết thúc / the record of floods as it was known at the end of the window.
select s.name as "Trạm",
  to_char(f.start_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY') as "Bắt đầu",
  case when f.blind_s > 0 then 'ít nhất ' else '' end || coalesce(value_vi(top.value, 'm'), '–') as "Đỉnh",
  coalesce(to_char(top.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM'), '–') as "Lúc đỉnh",
  case when f.end_at <= $__timeTo() then to_char(f.end_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') else 'chưa hết' end as "Kết thúc",
  round(extract(epoch from least(f.end_at, $__timeTo()::timestamptz) - f.start_at) / 3600) || ' giờ' as "Kéo dài"
from flood f
join station s on s.id = f.station
-- A peak that the end of the window does not know yet is the highest so far.
left join lateral (
  select f.peak_at as at, f.peak as value where f.peak_at <= $__timeTo()
  union all
  (select o.at, o.value from observation o where f.peak_at > $__timeTo() and o.station = f.station and o.parameter = 'river_level'
    and o.flag in (1, 3) and o.at >= f.start_at and o.at <= $__timeTo() order by o.value desc, o.at limit 1)
) top on true
where f.start_at <= $__timeTo() and ('*' in ($station) or f.station in ($station))
order by f.start_at desc
limit 20;
