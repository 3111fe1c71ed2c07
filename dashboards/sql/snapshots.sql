-- Ảnh lúc đông người, người đã được che / pictures of the moments of alarm, people pixelated.
select to_char(s.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc",
  c.name as "Camera",
  s.people::text as "Số người",
  'data:image/jpeg;base64,' || replace(encode(s.jpeg, 'base64'), E'\n', '') as "Ảnh"
from snapshot s
join camera c on c.id = s.camera
where $__timeFilter(s.at)
order by s.at desc
limit 6;
