-- Sổ lũ: bắt đầu, đỉnh, kết thúc / the record of floods.
select s.name as "Trạm",
  to_char(f.start_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YY') as "Bắt đầu",
  case when f.blind_s > 0 then 'ít nhất ' else '' end || trim_scale(round(f.peak::numeric, 2)) || ' m' as "Đỉnh",
  to_char(f.peak_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc đỉnh",
  coalesce(to_char(f.end_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM'), 'chưa hết') as "Kết thúc",
  coalesce(round(extract(epoch from f.end_at - f.start_at) / 3600) || ' giờ', '–') as "Kéo dài"
from flood f join station s on s.id = f.station
where f.start_at <= $__timeTo()
order by f.start_at desc limit 20;
