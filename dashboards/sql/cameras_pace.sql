-- Nhìn mỗi camera bao lâu một lần, camera bị nhìn thưa trước / how often each camera is looked at, those with fewer looks first.
select c.name as "Camera",
  case when p.camera is null then 'chưa nhìn lần nào' else figure_vi(p.every_s, case when p.every_s < 10 then 1 else 0 end) || ' giây' end as "Nhìn mỗi",
  case when p.camera is null then '–' else figure_vi(p.wanted_s, case when p.wanted_s < 10 then 1 else 0 end) || ' giây' end as "Gửi mỗi",
  case when p.camera is null then 'không rõ' when p.at < $__timeTo()::timestamptz - interval '10 minutes' then 'không rõ' when p.share < 0.995 then 'thưa hơn gửi' else 'đủ' end as "Đủ không",
  case when p.camera is null then '–' else round((100 * p.share)::numeric) || ' %' end as "Ảnh được nhìn",
  concat_ws(', ', case when p.rising then 'nước đang lên' end, case when p.busy then 'giờ bận' end, ago(p.at, $__timeTo()::timestamptz)) as "Lúc đo"
from camera c
left join camera_pace p on p.camera = c.id and p.at <= $__timeTo()
where ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($camera) or c.id in ($camera))
order by p.share, p.every_s desc, c.name;
