-- Dấu trên đồ thị số người: báo đông bắt đầu hay nặng lên / marks on the graph of people: where an alert of a crowd began or got worse.
select c.at as time, 'báo ' || s.shape || ' ' || coalesce(r.name, 'cấp ' || c.level) || ' lúc '
  || to_char(c.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as metric, c.value as value
from alert_change c
join real_alert a on a.alert = c.alert
join zone z on z.camera = a.station and z.parameter = a.parameter
left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = c.level
cross join lateral (select * from state where known order by rank desc offset least(c.level, 3) limit 1) s
where c.change in ('raise', 'worse') and a.parameter like '{analytic}/%' and $__timeFilter(c.at) and ('*' in ($camera) or a.station in ($camera))
order by 1;
