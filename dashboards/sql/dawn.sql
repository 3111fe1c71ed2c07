-- Ôxy và dự báo lúc bình minh, theo giờ dự báo / oxygen, and what was forecast for sunrise at that time.
select o.at as time, s.name as metric, o.value
from observation o join station s on s.id = o.station
where o.parameter = 'dissolved_oxygen' and o.flag < 4 and $__timeFilter(o.at)
union all
select d.at, s.name || case d.parameter when 'oxygen_dawn' then ' · bình minh' when 'oxygen_dawn_low' then ' · thấp nhất'
  else ' · cao nhất' end, d.value
from derived d join station s on s.id = d.station
where d.parameter in ('oxygen_dawn', 'oxygen_dawn_low', 'oxygen_dawn_high') and $__timeFilter(d.at)
order by 1;
