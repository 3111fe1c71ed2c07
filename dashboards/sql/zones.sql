-- Từng vùng camera: bao nhiêu người, camera còn sống không / each zone: how many people, is the camera alive.
select c.name as "Camera",
  z.name as "Vùng",
  case when last.flag = 1 then last.value::int::text else '?' end as "Số người",
  case
    when last.at is null then 'CHƯA CÓ HÌNH'
    when last.at < $__timeTo()::timestamptz - make_interval(secs => c.silent_after_s) then 'MẤT TÍN HIỆU'
    when last.flag <> 1 then 'ĐỨNG HÌNH'
    else 'bình thường'
  end as "Trạng thái",
  to_char(last.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc"
from zone z
join camera c on c.id = z.camera
left join lateral (
  select at, value, flag from observation o
  where o.station = z.camera and o.parameter = z.parameter and o.at <= $__timeTo()
  order by at desc limit 1
) last on true
order by (last.at is null) desc, 1, 2;
