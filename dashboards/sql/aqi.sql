-- VN_AQI từng giờ và chỉ số con / hourly VN_AQI and its sub-indices; the highest of them is the index.
select d.at as time,
  case d.parameter when 'vn_aqi' then 'VN_AQI' else upper(substr(d.parameter, 8)) end
    || case when count(*) over (partition by d.at, d.parameter) > 1 then ' · ' || s.name else '' end as metric,
  d.value
from derived d
join station s on s.id = d.station
where (d.parameter = 'vn_aqi' or d.parameter in ('vn_aqi_pm25', 'vn_aqi_pm10', 'vn_aqi_o3', 'vn_aqi_no2', 'vn_aqi_so2', 'vn_aqi_co'))
  and $__timeFilter(d.at)
order by 1;
