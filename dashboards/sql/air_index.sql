-- VN_AQI từng giờ / hourly VN_AQI.
select d.at as time, p.name as metric, d.value
from place_name p join derived d on d.station = p.place and d.parameter = 'vn_aqi'
where p.kind = 'air' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($station) or p.place in ($station))
  and $__timeFilter(d.at)
order by 1;
