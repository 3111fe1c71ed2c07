-- Đêm nay ở từng lồng: ôxy, mức giảm, dự báo lúc bình minh, còn bao lâu tới ngưỡng / tonight at each cage.
select s.name as "Lồng",
  trim_scale(round(now.value::numeric, 2)) || ' mg/L' as "Ôxy",
  coalesce(trim_scale(round(fall.value::numeric, 2)) || ' mg/L', '–') as "Giảm mỗi giờ",
  coalesce(trim_scale(round(dawn.value::numeric, 1)) || ' (' || trim_scale(round(low.value::numeric, 1)) || '…'
    || trim_scale(round(high.value::numeric, 1)) || ')', 'ban ngày') as "Lúc bình minh",
  coalesce('sau ' || trim_scale(round(hours.value::numeric, 1)) || ' giờ',
    'sớm nhất ' || trim_scale(round(soon.value::numeric, 1)) || ' giờ', case when dawn.value is null then '–' else 'không đêm nay' end) as "Tới mức 2",
  case when hours.value is not null or now.value < 2 then 'NGUY' when soon.value is not null or now.value < 3 then 'canh chừng'
    else 'yên' end as "Tình trạng",
  to_char(now.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') as "Lúc"
from station_parameter p
join station s on s.id = p.station
join lateral (
  select at, value from observation o
  where o.station = p.station and o.parameter = p.parameter and o.flag < 4
    and o.at <= $__timeTo() and o.at > $__timeTo()::timestamptz - interval '1 hour'
  order by at desc limit 1
) now on true
left join derived fall on fall.station = p.station and fall.parameter = 'oxygen_fall' and fall.at = now.at
left join derived dawn on dawn.station = p.station and dawn.parameter = 'oxygen_dawn' and dawn.at = now.at
left join derived low on low.station = p.station and low.parameter = 'oxygen_dawn_low' and low.at = now.at
left join derived high on high.station = p.station and high.parameter = 'oxygen_dawn_high' and high.at = now.at
left join derived hours on hours.station = p.station and hours.parameter = 'oxygen_limit' and hours.at = now.at
left join derived soon on soon.station = p.station and soon.parameter = 'oxygen_limit_low' and soon.at = now.at
where p.parameter = 'dissolved_oxygen'
order by 1;
