-- Đêm nay ở từng lồng, lồng im cũng có dòng: ôxy, mức giảm, bình minh, còn bao lâu / tonight at each cage, the silent ones too.
select c.name as "Lồng",
  c.shape || ' ' || c.state_vi as "Tình trạng",
  case when o.at is null then 'chưa đo bao giờ' else value_vi(o.value, o.unit) || case when not o.fresh then ' (cũ)' when o.checked >= 3 then ' (nghi ngờ)' else '' end end as "Ôxy",
  case when o.at is null then '–' else to_char(o.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') || ', ' || ago(o.at, $__timeTo()::timestamptz) end as "Đo lúc",
  coalesce(value_vi(fall.value, 'mg/L') || ' mỗi giờ', '–') as "Đang giảm",
  case when not o.fresh or o.at is null then 'không rõ' when dawn.value is null then light.vi
    else value_vi(dawn.value, o.unit) || coalesce(' (' || replace(round(low.value::numeric, 1)::text, '.', ',') || '…' || replace(round(high.value::numeric, 1)::text, '.', ',') || ')', '') end as "Lúc bình minh",
  case when not o.fresh or o.at is null then 'không rõ'
    when worst.name is null then 'xã chưa đặt mức'
    when o.value < worst.raise_at then 'đã dưới ' || worst.name
    when hours.value is not null then worst.name || ' sau khoảng ' || replace(round(hours.value::numeric, 1)::text, '.', ',') || ' giờ'
    when soon.value is not null then worst.name || ' sớm nhất sau ' || replace(round(soon.value::numeric, 1)::text, '.', ',') || ' giờ'
    when dawn.value is null then light.vi
    else 'không đêm nay' end as "Còn bao lâu",
  coalesce(todo.vi, case when not c.known then 'chưa biết: đo tay, xem trạm'
    when c.rank = (select max(rank) from state) then 'không có việc phải làm' else 'theo dõi sát, sẵn sàng sục khí' end) as "Việc phải làm"
from places_at($__timeTo()::timestamptz) c
cross join (
  -- The sun is up from about 6 to 18 h here, the whole year.
  select case when extract(hour from $__timeTo()::timestamptz at time zone 'Asia/Ho_Chi_Minh') between 6 and 17 then 'ban ngày, chưa dự báo'
    else 'chưa có dự báo' end as vi
) light
left join station_parameter p on p.station = c.place and p.parameter = 'dissolved_oxygen'
left join lateral (
  select x.at, x.value, x.unit, x.checked,
    greatest(x.at, least(x.received_at, $__timeTo()::timestamptz)) >= $__timeTo()::timestamptz - make_interval(secs => p.silent_after_s) as fresh
  from observation_checked x
  where x.station = p.station and x.parameter = p.parameter and x.checked < 4 and x.at <= $__timeTo()
  order by x.at desc limit 1
) o on true
left join lateral (
  -- What the forecast of the night is reckoned to: the last level of the station's own oxygen rule.
  select r.name, r.raise_at from rule_level r
  where r.station = p.station and r.parameter = p.parameter and r.direction = 'below' order by r.level desc limit 1
) worst on true
left join derived fall on o.fresh and fall.station = p.station and fall.parameter = 'oxygen_fall' and fall.at = o.at
left join derived dawn on o.fresh and dawn.station = p.station and dawn.parameter = 'oxygen_dawn' and dawn.at = o.at
left join derived low on o.fresh and low.station = p.station and low.parameter = 'oxygen_dawn_low' and low.at = o.at
left join derived high on o.fresh and high.station = p.station and high.parameter = 'oxygen_dawn_high' and high.at = o.at
left join derived hours on o.fresh and hours.station = p.station and hours.parameter = 'oxygen_limit' and hours.at = o.at
left join derived soon on o.fresh and soon.station = p.station and soon.parameter = 'oxygen_limit_low' and soon.at = o.at
left join lateral (
  select string_agg(distinct best.vi, ' ') as vi
  from real_alert a
  join lateral (
    select h.level from alert_change h where h.alert = a.alert and h.at <= $__timeTo() order by h.seq desc limit 1
  ) n on n.level > 0
  left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = n.level
  -- As models/fish/words.py: the highest level not above this one, the parameter's own words before those for all.
  join lateral (
    select w.vi from word w
    cross join lateral (select split_part(w.code, ':', 1) as parameter, split_part(w.code, ':', 2) as side, split_part(w.code, ':', 3)::int as level) g
    where w.kind = 'fish_advice' and g.parameter in ('', a.parameter) and g.side in ('', coalesce(r.direction, '')) and g.level <= n.level
    order by g.level desc, g.parameter <> '' desc, g.side <> '' desc limit 1
  ) best on true
  where a.station = c.place and a.kind in ('fish', 'oxygen')
    and a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
) todo on true
where c.kind = 'cages' and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($station) or c.place in ($station))
order by c.rank, c.name;
