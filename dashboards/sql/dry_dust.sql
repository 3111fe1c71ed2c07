-- Bụi PM2.5 trung bình giờ: thô, và khô sau khi trừ hơi nước / hourly PM2.5 as sent, and without the water on it.
select d.at as time, s.name || case when d.parameter = 'pm25_dry' then ' · khô' else ' · thô' end as metric, d.value
from derived d join station s on s.id = d.station
where d.parameter in ('pm25_dry', 'pm25_1h') and $__timeFilter(d.at)
order by 1;
