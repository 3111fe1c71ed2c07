-- Ảnh mới nhất của từng camera, người đã được che, với tuổi; chưa có thì nói / the newest picture of each camera, people pixelated, with its age.
select coalesce(string_agg(
  '<div style="display:inline-block;box-sizing:border-box;width:' || width || '%;padding:4px;vertical-align:top">' ||
  '<div style="font-size:20px;font-weight:bold">' || replace(replace(name, '&', '&amp;'), '<', '&lt;') || '</div>' ||
  case when uri is null then '<div style="font-size:20px;padding:50px 20px;background:repeating-linear-gradient(45deg,#2b2e33 0,#2b2e33 12px,#3a3f47 12px,#3a3f47 24px);color:#e8eaed">chưa có ảnh: ảnh chỉ được giữ khi có báo động</div>'
    else '<div style="font-size:16px">' || said || '</div><img src="' || uri || '" style="width:100%;height:auto" />' end || '</div>', '' order by at desc nulls last, name),
  '<div style="font-size:20px">chưa khai báo camera nào</div>') as hinh
from (
  select c.name, s.at, to_char(s.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') || ', ' || ago(s.at, $__timeTo()::timestamptz)
      || ', ' || s.people || ' người' as said,
    'data:image/jpeg;base64,' || replace(encode(s.jpeg, 'base64'), E'\n', '') as uri,
    case when s.at is not null and count(s.at) over () <= 2 or count(*) over () = 1 then 98 when count(*) over () <= 6 then 48 else 31 end as width
  from camera c
  left join lateral (
    select x.at, x.people, x.jpeg from snapshot x where x.camera = c.id and x.at <= $__timeTo() order by x.at desc limit 1
  ) s on true
  where ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($camera) or c.id in ($camera))
  order by s.at desc nulls last, c.name limit 9
) x;
