-- Dấu trên chính đồ thị của nó: báo động bắt đầu hay nặng lên lúc nào, ở giá trị nào / marks on their own graph: where an alert began or got worse.
select c.at as time, 'báo ' || s.shape || ' ' || coalesce(r.name, 'cấp ' || c.level) || ' lúc '
  || to_char(c.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as metric, c.value as value
from alert_change c
join real_alert a on a.alert = c.alert
left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = c.level
left join alert_kind k on k.code = a.kind
cross join lateral (select * from state where known order by rank desc offset least(c.level, 3) limit 1) s
where c.change in ('raise', 'worse') and k.about = 'value' and a.parameter in ({parameters}) and $__timeFilter(c.at)
  and ('*' in ($station) or a.station in ($station))
order by 1;
