-- Trung bình giờ gần nhất: QCVN 08:2023 và chỉ số con của VN_WQI / the last hour: classes, limits for health, sub-indices that are no VN_WQI.
with recent as materialized (
  select * from derived where at <= $__timeTo() and at > $__timeTo()::timestamptz - interval '3 hours'
)
select s.name as "Trạm", coalesce(w.vi, q8.code) as "Thông số",
  case when d.parameter like 'over%' then 'quá bảng 1' when d.value = 1 then 'A' when d.value = 2 then 'B' when d.value = 3 then 'C'
    when d.value = 4 then 'D' else 'dưới D' end as "QCVN 08",
  case when d.parameter like 'over%' then 'quá ' || value_vi(d.value, d.unit) else '–' end as "Quá bao nhiêu",
  coalesce(round(q.value::numeric)::text, '–') as "Chỉ số con",
  case when v.value is null then 'một phần, không phải VN_WQI' else 'VN_WQI ' || round(v.value) end as "Chỉ số chung",
  to_char(d.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') as "Giờ"
from recent d
cross join lateral (select regexp_replace(d.parameter, '^(over_)?qcvn08_', '') as code) q8
join station s on s.id = d.station
join place_name c on c.kind = 'cages' and c.place = d.station
left join word w on w.kind = 'parameter' and w.code = q8.code
left join recent q on q.station = d.station and q.at = d.at
  and q.parameter = 'wqi_' || replace(q8.code, 'dissolved_oxygen', 'oxygen_saturation')
left join recent v on v.station = d.station and v.at = d.at and v.parameter = 'vn_wqi'
where ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($station) or c.place in ($station))
  and (d.parameter like 'qcvn08\_%' or d.parameter like 'over\_qcvn08\_%') and d.at = (
  select max(at) from recent m
  where m.station = d.station and (m.parameter = 'qcvn08' or m.parameter like 'over\_qcvn08\_%')
)
order by d.parameter like 'over%' desc, d.value desc, 1, 2;
