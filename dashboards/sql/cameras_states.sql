-- Tình trạng từng vùng theo thời gian, mười hai vùng xấu nhất; hết ở số đếm cuối, không tô tới bây giờ / the state of each zone over time, the twelve worst; it ends with the last count.
with chosen as (
  -- What has never sent anything has no lane: it is counted above.
  select n.* from place_name n
  where n.kind = 'zone' and ('*' in ($hamlet) or n.hamlets && array[$hamlet]) and ('*' in ($camera) or n.camera in ($camera))
    and exists (select from place_history h where h.kind = n.kind and h.place = n.place and h.datum_at is not null and h.at <= $__timeTo())
    and not exists (select from apart_at($__timeTo()::timestamptz) a where a.place = n.place)
), told as (
  select h.place, h.at, s.rank::float8 as rank, s.known from place_history h join state s on s.code = h.state
  where h.kind = 'zone' and $__timeFilter(h.at) and h.place in (select place from chosen)
  union all
  -- What was said before the window began.
  select z.place, $__timeFrom()::timestamptz, s.rank, s.known
  from chosen z
  join lateral (
    select h.state from place_history h where h.kind = z.kind and h.place = z.place and h.at < $__timeFrom() order by h.at desc limit 1
  ) h on true
  join state s on s.code = h.state
), worst as (
  select place from told group by place order by min(rank), place limit 12
), finished as (
  -- A known state ends with the last count, an unknown one with the last time that the platform said so.
  select z.place, least($__timeTo()::timestamptz, case when last.known then counted.at
    else greatest(counted.at, (select max(p.at) from place_state p), last.at) end) as at, last.at as from_at
  from worst z
  join lateral (select t.known, t.at from told t where t.place = z.place order by t.at desc limit 1) last on true
  left join zone own on own.camera || '/' || own.zone = z.place
  left join lateral (
    select o.at from observation o where o.station = own.camera and o.parameter = own.parameter and o.at <= $__timeTo() order by o.at desc limit 1
  ) counted on true
)
select x.at as time, n.name as metric, x.rank as value
from (
  -- Only where it became another: a sentence is told each minute.
  select place, at, rank from (select t.*, lag(rank) over (partition by place order by at) as before from told t) t
  where rank is distinct from before and place in (select place from worst)
  union all
  select f.place, f.at + interval '1 second', {ended} from finished f where f.at >= f.from_at
) x
join place_name n on n.kind = 'zone' and n.place = x.place
order by 1, 2;
