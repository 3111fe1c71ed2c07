-- Nước ở lồng theo bảng của xã / the water of the cages against the commune's table: the worst level each value has reached.
select s.name as "Lồng", coalesce(w.vi, l.parameter) as "Thông số",
  trim_scale(round(last.value::numeric, 2)) || ' ' || replace(l.unit, 'C', '°C') as "Giá trị",
  coalesce(max(l.name) filter (where l.level = last.reached), 'đạt, hoặc bảng không nói') as "Mức",
  to_char(last.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') as "Lúc"
from rule_level l
join station s on s.id = l.station
left join word w on w.kind = 'parameter' and w.code = l.parameter
join lateral (
  select v.at, v.value, (
    select max(b.level) from rule_level b
    where b.station = l.station and b.parameter = l.parameter and b.kind = l.kind
      and case b.direction when 'above' then v.value >= b.raise_at else v.value < b.raise_at end
  ) as reached
  from (
    (select at, value from observation o where o.station = l.station and o.parameter = l.parameter and o.flag < 4
      and o.at <= $__timeTo() and o.at > $__timeTo()::timestamptz - interval '3 hours' order by at desc limit 1)
    union all
    (select at, value from derived d where d.station = l.station and d.parameter = l.parameter
      and d.at <= $__timeTo() and d.at > $__timeTo()::timestamptz - interval '3 hours' order by at desc limit 1)
  ) v limit 1
) last on true
where l.kind in ('fish', 'oxygen') and l.parameter <> 'oxygen_dawn'
group by s.name, l.parameter, w.vi, l.unit, last.value, last.at, last.reached
order by last.reached desc nulls last, 1, 2;
