-- Ảnh mới nhất của camera có chuyện, kèm tuổi ảnh; người đã được che / the newest picture of each camera concerned, with its age; people pixelated.
with concerned as (
  select camera, (array_agg(shape || ' ' || state_vi order by rank))[1] as said, min(rank) as rank, (array_agg(colour order by rank))[1] as colour
  from places_at($__timeTo()) p where camera is not null and rank < (select max(rank) from state)
    and not exists (select from apart_at($__timeTo()::timestamptz) a where a.place = p.place)
  group by camera
),
shown as (
  select c.*, coalesce(k.name, c.camera) as name, s.at, s.jpeg, s.caption, row_number() over (order by c.rank, s.at desc nulls last, c.camera) as turn,
    count(*) over () as many
  from concerned c
  left join camera k on k.id = c.camera
  left join lateral (
    select * from (
      (select n.at, n.jpeg, null as caption from snapshot n where n.camera = c.camera and n.at <= $__timeTo() order by n.at desc limit 1)
      union all select y.at, y.jpeg, y.caption from camera_picture y where y.camera = c.camera and y.at <= $__timeTo()
    ) either order by either.at desc limit 1
  ) s on true
)
select case count(*) when 0 then '<div style="font:400 1.25vw/1.25 sans-serif;color:#9aa0a6">Không có camera nào cần xem</div>'
  else '<div style="display:flex;gap:.6vw">' || string_agg(
    '<div style="font:400 .95vw/1.2 sans-serif;color:#e8eaed;width:' || 40 / greatest(2, least(many, 3)) || 'vw">'
    || coalesce('<img style="max-width:100%;max-height:' || case when many > 3 then 5.1 when many = 3 then 6.4 else 7.85 end || 'vw" alt="ảnh của ' || replace(replace(replace(name, '&', '&amp;'), '<', '&lt;'), '"', '') || '" src="data:image/jpeg;base64,'
        || translate(encode(jpeg, 'base64'), E'\n', '') || '">',
      '<div style="padding:2.5vw 1vw;background:repeating-linear-gradient(45deg,#2b2e33 0,#2b2e33 .6vw,#3a3f47 .6vw,#3a3f47 1.2vw)">chưa có ảnh</div>')
    || '<div><span style="color:' || colour || '">' || said || '</span> ' || replace(replace(name, '&', '&amp;'), '<', '&lt;')
    -- What is seen comes last: under three pictures five lines of wide letters have their place, and what is longer loses its end, never the age.
    || coalesce(', ảnh ' || to_char(at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') || ', ' || ago(at, $__timeTo()::timestamptz), '')
    || coalesce(': ' || replace(replace(nullif(btrim(caption, ' ,'), ''), '&', '&amp;'), '<', '&lt;'), '') || '</div></div>', '' order by turn)
    filter (where turn <= 3) || '</div>'
    || case when max(many) > 3 then '<div style="font:400 1.15vw/1.25 sans-serif;color:#9aa0a6">và ' || max(many) - 3 || ' camera nữa</div>' else '' end
  end as html
from shown;
