-- Sông: đang ở đâu so với báo động, lên bao nhiêu, bao giờ tới cấp sau / where the river stands, its rise, the next level.
select s.name as "Trạm",
  trim_scale(round(now.value::numeric, 2)) || ' m' as "Mực nước",
  case when now.value >= near.raise_at then 'trên ' else 'dưới ' end || near.name || ' '
    || replace(trim_scale(round(abs(now.value - near.raise_at)::numeric, 2))::text, '.', ',') || ' m' as "So với báo động",
  trim_scale(round(100 * rise.value::numeric)) || ' cm/giờ' as "Lên",
  coalesce(next.name || ' sau ' || trim_scale(round(likely.value::numeric, 1)) || ' giờ ('
      || trim_scale(round(low.value::numeric, 1)) || '…' || trim_scale(round(high.value::numeric, 1)) || ')',
    next.name || ' sớm nhất ' || trim_scale(round(low.value::numeric, 1)) || ' giờ, chưa có xu thế', 'trên mọi cấp') as "Cấp tiếp theo",
  to_char(now.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') as "Lúc"
from station_parameter p
join station s on s.id = p.station
join lateral (
  select at, value from observation o
  where o.station = p.station and o.parameter = p.parameter and o.flag < 4
    and o.at <= $__timeTo() and o.at > $__timeTo()::timestamptz - interval '1 hour'
  order by at desc limit 1
) now on true
left join lateral (
  select name, raise_at from rule_level l where l.station = p.station and l.parameter = p.parameter
  order by abs(l.raise_at - now.value), l.raise_at limit 1
) near on true
left join lateral (
  select name from rule_level l where l.station = p.station and l.parameter = p.parameter and l.raise_at > now.value
  order by l.raise_at limit 1
) next on true
left join derived rise on rise.station = p.station and rise.parameter = 'river_rise' and rise.at = now.at
left join derived likely on likely.station = p.station and likely.parameter = 'river_next' and likely.at = now.at
left join derived low on low.station = p.station and low.parameter = 'river_next_low' and low.at = now.at
left join derived high on high.station = p.station and high.parameter = 'river_next_high' and high.at = now.at
where p.parameter = 'river_level'
order by 1;
