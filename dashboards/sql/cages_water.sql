-- Nước ở lồng theo bảng của xã, mỗi thông số một dòng dù không đo được / the cages' water against the commune's table, each parameter always.
select c.name as "Lồng", coalesce(w.vi, l.parameter) as "Thông số",
  case when v.at is null then '–' else value_vi(v.value, v.unit) end as "Giá trị",
  case when v.at is null then 'không có số mới' when v.level is null then 'chưa tới mức nào' else said.word end as "Tình trạng",
  coalesce(v.name, '–') as "Mức của xã",
  coalesce(to_char(v.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI'), '–') as "Lúc"
from places_at($__timeTo()::timestamptz) c
join lateral (
  select r.parameter, min(r.unit) as unit from rule_level r
  where r.station = c.place and r.kind in ('fish', 'oxygen') and r.parameter <> 'oxygen_dawn' group by r.parameter
) l on true
left join word w on w.kind = 'parameter' and w.code = l.parameter
left join station_parameter p on p.station = c.place and p.parameter = l.parameter
left join lateral (
  select x.at, x.value, x.unit, b.level, b.name
  from (
    (select o.at, o.value, o.unit from observation_checked o
      where o.station = c.place and o.parameter = l.parameter and o.checked < 4 and o.at <= $__timeTo()
        and o.at > $__timeTo()::timestamptz - make_interval(secs => coalesce(p.silent_after_s, 0)) order by o.at desc limit 1)
    union all
    (select d.at, d.value, d.unit from derived d where d.station = c.place and d.parameter = l.parameter
      and d.at <= $__timeTo() and d.at > $__timeTo()::timestamptz - interval '1 hour' order by d.at desc limit 1)
  ) x
  left join lateral (
    select r.level, r.name from rule_level r
    where r.station = c.place and r.parameter = l.parameter and r.kind in ('fish', 'oxygen')
      and case r.direction when 'above' then x.value >= r.raise_at else x.value < r.raise_at end
    order by r.level desc limit 1
  ) b on true
  limit 1
) v on true
left join lateral (
  select s.shape || ' ' || s.vi as word from state s where s.known order by s.rank desc offset least(v.level, 3) limit 1
) said on v.level is not null
where c.kind = 'cages' and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($station) or c.place in ($station))
order by v.level desc nulls last, v.at is null desc, 1, 2;
