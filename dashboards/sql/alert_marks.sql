-- Dấu trên đồ thị / marks on the graphs: where an alert began or got worse.
select c.at as time, coalesce(s.name, a.station) || ': ' ||
  case c.change when 'raise' then 'báo động' else 'nặng hơn' end
  || ' (cấp ' || c.level || ')' as text, a.kind as tags
from alert_change c
join alert a on a.alert = c.alert
left join place s on s.id = a.station
where a.kind not in ('silent', 'frozen', 'untrusted', 'blind', 'clock', 'outage') and c.change in ('raise', 'worse') and $__timeFilter(c.at)
order by 1;
