-- Đời của từng cảnh báo: mỗi lần lên, xuống mức hay hết, như đã báo / each change of each alert, as it was told.
select to_char(c.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc", coalesce(p.name, a.station) as "Nơi",
  coalesce(k.vi, a.kind) as "Loại", coalesce(z.name, case when a.parameter = 'station' then station_parts_vi(a.station, c.parameters) end, w.vi, a.parameter) as "Việc",
  case when c.level = 0 then 'hết' when c.previous = 0 then 'bắt đầu' when c.level > c.previous then 'nặng hơn' when c.level < c.previous then 'nhẹ hơn'
    else 'còn' end as "Thay đổi",
  s.shape || ' ' || s.vi as "Tình trạng",
  coalesce(r.name, k.level_vi[least(nullif(c.level, 0), cardinality(k.level_vi))], case c.level when 0 then '–' else 'cấp ' || c.level end) as "Mức",
  coalesce(value_vi(c.value, a.unit), '–') as "Giá trị",
  (select string_agg(e ->> 'vi', '; ') from jsonb_array_elements(coalesce(c.evidence, '[]')) e) as "Bằng chứng"
from alert_change c
join real_alert a on a.alert = c.alert
left join alert_kind k on k.code = a.kind
left join lateral (
  select q.name, q.hamlets from place q where q.id = a.station
    and case when k.about in ('merchant', 'flood_place') then q.what = k.about else q.what <> 'merchant' end
  order by q.what desc limit 1
) p on true
left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = c.level
left join zone z on z.camera = a.station and z.parameter = a.parameter
left join word w on w.kind = 'parameter' and w.code = a.parameter
cross join lateral (
  select * from state where case when k.state is not null and c.level > 0 then code = k.state else known end order by rank desc
  offset case when k.state is not null and c.level > 0 then 0 else least(c.level, 3) end limit 1
) s
where $__timeFilter(c.at) and ('*' in ($hamlet) or coalesce(cardinality(p.hamlets), 0) = 0 or p.hamlets && array[$hamlet]::text[])
order by c.at desc, a.alert, c.seq desc
limit 200;
