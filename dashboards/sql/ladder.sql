-- Thang mốc: nước tới đâu thì ngập gì, còn bao nhiêu / the ladder: what the water reaches at which level, how far to go.
select s.name as "Trạm", l.vi as "Mốc", value_vi(l.level, 'm') as "Cao",
  case when l.reached is null then '? không rõ' when l.reached then '■ đã tới' else '□ còn ' || value_vi(l.distance_m, 'm') end as "Nước",
  case l.source when 'assumed' then 'ước chừng' else l.source end as "Nguồn"
from (select place, name from place_name where kind = 'gauge') s
cross join lateral ladder_at(s.place, $__timeTo()) l
where '*' in ($station) or s.place in ($station)
order by 1, l.level desc;
