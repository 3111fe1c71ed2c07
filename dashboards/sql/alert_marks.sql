-- Dấu trên đồ thị / marks on the graphs: each change of an alert.
select c.at as time, s.name || ': ' ||
  case c.change when 'raise' then 'báo động' when 'worse' then 'nặng hơn' when 'better' then 'nhẹ hơn' else 'hết' end
  || ' (cấp ' || c.level || ')' as text, a.kind as tags
from alert_change c
join alert a on a.alert = c.alert
join station s on s.id = a.station
where a.kind <> 'silent' and $__timeFilter(c.at)
order by 1;
