-- Ảnh mới nhất của từng camera, xấu trước, nước đã vẽ vào, người đã được che, với tuổi; chưa có thì nói / the newest picture of each camera, the worst first, its water drawn in, people pixelated, with its age.
with worst as (
  select distinct on (p.camera) p.camera, case when a.why is null then p.rank else 5.5 end as turn,
    case a.why when 'untaught' then 'chưa dạy' when 'unsure' then 'không rõ nước' when 'unsent' then 'chưa có hình' else p.shape || ' ' || p.state_vi end as word,
    case when a.why is null and p.known and p.rank < (select max(s.rank) from state s) then p.colour else '#bdc1c6' end as colour
  from places_at($__timeTo()::timestamptz) p left join apart_at($__timeTo()::timestamptz) a on a.place = p.place
  where p.kind = 'zone' order by p.camera, a.why is not null, p.rank
), pictured as (
  select c.id, replace(replace(c.name, '&', '&amp;'), '<', '&lt;') as name, w.turn, w.word, w.colour, s.at, s.said, s.jpeg,
    row_number() over (order by s.at is null, w.turn, s.at desc, c.name) as number
  from camera c
  left join worst w on w.camera = c.id
  left join lateral (
    select * from (
      (select x.at, x.people || ' người' as said, x.jpeg from snapshot x where x.camera = c.id and x.at <= $__timeTo() order by x.at desc limit 1)
      union all select y.at, y.caption, y.jpeg from camera_picture y where y.camera = c.id and y.at <= $__timeTo()
    ) either order by either.at desc limit 1
  ) s on true
  where ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($camera) or c.id in ($camera))
), sized as (
  select p.*, case when count(p.at) over () <= 2 then 98 else 48 end as width, count(p.at) over () as many from pictured p
)
select coalesce(string_agg(
  '<div style="display:inline-block;box-sizing:border-box;width:' || width || '%;padding:4px;vertical-align:top">'
  || '<div style="font-size:18px;font-weight:bold">' || name || ' <span style="color:' || coalesce(colour, '#bdc1c6') || '">' || coalesce(word, '') || '</span></div>'
  || '<img alt="' || replace(name, '"', '') || '" src="data:image/jpeg;base64,' || replace(encode(jpeg, 'base64'), E'\n', '') || '" style="width:100%;height:auto" />'
  || '<div style="font-size:16px">' || replace(replace(said, '&', '&amp;'), '<', '&lt;') || '</div><div style="font-size:15px;color:#bdc1c6">ảnh '
  || to_char(at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') || ', ' || ago(at, $__timeTo()::timestamptz) || '</div></div>', '' order by number)
  filter (where at is not null and number <= 6), '')
  || coalesce('<div style="font-size:18px;color:#bdc1c6">và ' || nullif(greatest(count(at) - 6, 0), 0) || ' camera nữa có ảnh: chọn camera để xem</div>', '')
  || case when count(*) = 0 then '<div style="font-size:20px">chưa khai báo camera nào</div>' when count(*) = count(at) then ''
    else '<div style="font-size:18px;padding:8px;color:#e8eaed;background:repeating-linear-gradient(45deg,#2b2e33 0,#2b2e33 12px,#3a3f47 12px,#3a3f47 24px)">'
      || count(*) - count(at) || ' camera chưa có ảnh: ' || coalesce(array_to_string((array_agg(name order by number) filter (where at is null))[:3], ', '), '')
      || case when count(*) - count(at) > 3 then ', …' else '' end || '</div>' end as hinh
from sized;
