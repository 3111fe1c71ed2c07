-- Máy có đủ sức nhìn mọi camera không, bao nhiêu camera thế nào / whether the machine holds all cameras, and how many are how.
with placed as (
  select p.*, a.why from places_at($__timeTo()::timestamptz) p
  left join apart_at($__timeTo()::timestamptz) a on a.place = p.place
  where p.kind = 'zone' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($camera) or p.camera in ($camera))
),
-- A camera is as its worst zone is.
each as (select distinct on (camera) * from placed order by camera, why is not null, rank),
counts as (
  select case why when 'untaught' then 'chưa dạy' when 'unsure' then 'không rõ nước' when 'unsent' then 'chưa có hình nào' else shape || ' ' || state_vi end as word,
    case when why is null and known and rank < (select max(rank) from state) then colour else '#bdc1c6' end as colour,
    case when why is null then rank else 5.5 end as turn, count(*) as many
  from each group by 1, 2, 3
),
paced as (
  select count(*) as many, count(*) filter (where share < 0.995) as fewer, max(every_s) filter (where share < 0.995) as slowest, max(held) as held, max(wished) as wished,
    max(at) as at, bool_or(rising) as rising
  from camera_pace where at <= $__timeTo()
)
select '<div style="font:500 20px/1.25 sans-serif;color:#e8eaed">' || case
    when many = 0 then '<span style="color:#bdc1c6">chưa đo được mỗi camera được nhìn bao lâu một lần</span>'
    when at < $__timeTo()::timestamptz - interval '10 minutes' then '<span style="color:#bdc1c6">không rõ bây giờ máy có đủ sức không: đo lần cuối '
      || ago(at, $__timeTo()::timestamptz) || '</span>'
    when fewer > 0 then '<span style="background:#f28e1c;color:#111;padding:0 8px"><b>Máy không đủ sức nhìn mọi ảnh</b>: '
      || coalesce(figure_vi(held, 1) || ' trong ' || figure_vi(wished, 1) || ' ảnh mỗi giây; ', '') || fewer || ' camera được nhìn thưa hơn, thưa nhất '
      || figure_vi(slowest, 0) || ' giây một lần' || case when rising then '; nước đang lên, điểm ngập được nhìn trước' else '' end || '</span>'
    else '<span style="color:#bdc1c6">máy đủ sức: mọi ảnh của ' || many || ' camera được nhìn</span>' end
  || '</div><div style="font:500 20px/1.25 sans-serif;color:#e8eaed">' || (select count(*) from each) || ' camera: '
  || coalesce((select string_agg('<span style="color:' || colour || '">' || many || ' ' || word || '</span>', ' · ' order by turn, word) from counts), '–') || '</div>' as html
from paced;
