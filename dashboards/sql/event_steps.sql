-- Từng bước của mỗi sự kiện: báo ai, gọi ai, ai trả lời / the steps of each event: who was told, called, and answered.
select to_char(x.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc", e.number::text as "Số",
  case when e.exercise then 'DIỄN TẬP: ' else '' end || coalesce(p.name, split_part(e.place, ':', 2)) as "Nơi",
  coalesce(k.vi, '–') as "Mức",
  case x.step when 'told' then 'báo' when 'called' then 'gọi' when 'repeated' then 'nhắc lại' when 'taken' then 'nhận, đi' when 'false' then 'báo nhầm'
    when 'help' then 'CẦN GIÚP' when 'nobody' then 'CHƯA AI NHẬN' when 'over' then 'hết' else x.step end as "Bước",
  x.vi as "Nội dung"
from (
  select s.event, s.at, s.level, s.step, s.vi, s.recorded_at from event_step s
  union all
  -- What else was answered, the ladder keeps as a step itself.
  select a.event, a.at, a.level, a.kind, coalesce(c.name, a.contact) || ': tôi đi', a.recorded_at
  from answer a left join contact c on c.id = a.contact where a.kind = 'taken' and a.event is not null
) x
join event e on e.id = x.event
left join lateral (select q.name, q.hamlets from place q where q.id = split_part(e.place, ':', 2) order by q.what desc limit 1) p on true
left join lateral (
  select s.shape || ' ' || s.vi as vi from state s where s.known order by s.rank desc offset least(x.level, 3) limit 1
) k on true
where $__timeFilter(x.at) and ('*' in ($hamlet) or coalesce(cardinality(p.hamlets), 0) = 0 or p.hamlets && array[$hamlet]::text[])
order by x.at desc, x.recorded_at desc, x.step
limit 200;
