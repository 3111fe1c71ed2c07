-- Bụi PM2.5 trung bình giờ: thô, và khô sau khi trừ hơi nước / hourly PM2.5 as sent, and without the water on it.
select d.at as time, p.name || case when d.parameter = 'pm25_dry' then ' · khô' else ' · thô' end || repeat(chr(8203), (dense_rank() over (order by p.name) - 1)::int % 8) as metric, d.value
from place_name p join derived d on d.station = p.place and d.parameter in ('pm25_dry', 'pm25_1h')
where p.kind = 'air' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($station) or p.place in ($station))
  and $__timeFilter(d.at)
order by 1;
