-- Từng giờ: VN_AQI, chất nào quyết định, bụi thô và khô / hour by hour: the index, which pollutant made it, dust as sent and dry.
select to_char(d.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Giờ tới", p.name as "Trạm", round(d.value)::text as "VN_AQI", round(d.value)::text as "Mức",
  coalesce(most.vi, '–') as "Do chất",
  coalesce(value_vi(raw.value, raw.unit), '–') as "PM2.5", coalesce(value_vi(dry.value, dry.unit), '–') as "PM2.5 khô",
  coalesce(parts.vi, '–') as "Chỉ số con"
from place_name p
join derived d on d.station = p.place and d.parameter = 'vn_aqi'
left join lateral (
  select coalesce(w.vi, s.code) as vi from (
    select substr(x.parameter, length('vn_aqi_') + 1) as code, x.value from derived x
    where x.station = d.station and x.at = d.at and x.parameter like 'vn\_aqi\_%' and x.parameter not like 'vn\_aqi\_day%'
  ) s left join word w on w.kind = 'parameter' and w.code = s.code
  order by s.value desc limit 1
) most on true
left join lateral (
  select string_agg(coalesce(w.vi, s.code) || ' ' || round(s.value), ', ' order by s.value desc) as vi from (
    select substr(x.parameter, length('vn_aqi_') + 1) as code, x.value from derived x
    where x.station = d.station and x.at = d.at and x.parameter like 'vn\_aqi\_%' and x.parameter not like 'vn\_aqi\_day%'
  ) s left join word w on w.kind = 'parameter' and w.code = s.code
) parts on true
left join derived raw on raw.station = d.station and raw.at = d.at and raw.parameter = 'pm25_1h'
left join derived dry on dry.station = d.station and dry.at = d.at and dry.parameter = 'pm25_dry'
where p.kind = 'air' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($station) or p.place in ($station))
  and $__timeFilter(d.at)
order by d.at desc, 2
limit 72;
