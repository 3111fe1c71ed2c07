-- VN_AQI giờ mới nhất của từng trạm, màu theo Quyết định 1459; trạm im hay không có thì gạch chéo / newest hourly VN_AQI of each station; hatched while it is silent.
with level (least, most, vi, colour, letters) as (values {levels}),
now as (
  select p.name, p.known, p.state_vi, d.at, d.value, l.vi, case when p.known then l.colour end as colour, l.letters, count(*) over () as many
  from places_at($__timeTo()::timestamptz) p
  left join lateral (
    select x.at, x.value from derived x
    where x.station = p.place and x.parameter = 'vn_aqi' and x.at <= $__timeTo() and x.at > $__timeTo()::timestamptz - interval '2 hours'
    order by x.at desc limit 1
  ) d on true
  left join level l on round(d.value) between l.least and l.most
  where p.kind = 'air' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($station) or p.place in ($station))
)
select coalesce(string_agg('<div style="border-radius:.4vw;padding:.6vw 1vw;margin-bottom:.5vw;'
  || coalesce('background:' || colour || ';color:' || letters,
    'background:repeating-linear-gradient(45deg,#3a3f47 0,#3a3f47 .6vw,#55595f .6vw,#55595f 1.2vw);color:#fff') || '">'
  || '<div style="font:600 1.3vw/1.2 sans-serif">' || replace(replace(name, '&', '&amp;'), '<', '&lt;') || '</div>'
  || '<div style="font:700 ' || case when many = 1 then '4.6vw' else '2.4vw' end || '/1.15 sans-serif">' || case when known then coalesce(said, 'không có VN_AQI') else state_vi end || '</div>'
  || '<div style="font:400 1.1vw/1.3 sans-serif">' || coalesce(case when known then '' else 'số cuối VN_AQI ' || said || ', ' end || 'giờ tới ' || to_char(at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') || ', '
    || ago(at, $__timeTo()::timestamptz), case when known then 'không đủ số liệu' else 'không có VN_AQI' end || ' trong 2 giờ qua') || '</div></div>', '' order by known, value desc nulls first, name),
  '<div style="font:600 1.3vw/1.3 sans-serif">không có trạm không khí nào được chọn</div>') as html
from now, lateral (select round(value) || ' · ' || coalesce(vi, 'ngoài thang') as said) words;
