-- VN_AQI giờ mới nhất của từng trạm; trạm im cũng có ô / newest hourly VN_AQI of each station, the silent ones too.
select p.name || coalesce(' · giờ tới ' || to_char(d.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI'), '') as "Trạm", d.value as "VN_AQI"
from place_name p
left join lateral (
  select x.at, x.value from derived x
  where x.station = p.place and x.parameter = 'vn_aqi' and x.at <= $__timeTo() and x.at > $__timeTo()::timestamptz - interval '2 hours'
  order by x.at desc limit 1
) d on true
where p.kind = 'air' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($station) or p.place in ($station))
order by d.value desc nulls first, 1;
