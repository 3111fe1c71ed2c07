-- Từng vùng, xấu trước: tình trạng, trị số, nước, độ tin, tuổi; camera chưa có hình cũng có dòng / each zone, the worst first: state, value, water, how sure, age; cameras without a picture too.
select p.name as "Vùng",
  case a.why when 'untaught' then 'chưa dạy' when 'unsure' then 'không rõ nước' when 'unsent' then 'chưa có hình' else p.shape || ' ' || p.state_vi end as "Tình trạng",
  case when p.known and p.value is not null then value_vi(p.value, p.unit) else 'không rõ' end as "Bây giờ",
  case when z.kind <> 'water' then '–' when p.camera in (select untaught_at($__timeTo()::timestamptz)) then 'chưa dạy'
    when w.value is null or w.flag not in (1, 3) or w.value < 0 then 'không rõ'
    when w.flag = 3 then case w.value when 0 then 'khô, cần xem' when 1 then 'ướt, cần xem' else 'ngập, cần xem' end
    else case w.value when 0 then 'khô' when 1 then 'ướt' else 'ngập' end end as "Nước",
  coalesce(round(100 * w.confidence) || ' %', '–') as "Độ tin",
  case when p.datum_at is null then 'chưa lần nào' else ago(p.datum_at, $__timeTo()::timestamptz) end as "Hình",
  p.vi as "Nói gì"
from places_at($__timeTo()::timestamptz) p
join zone z on z.camera || '/' || z.zone = p.place
join camera c on c.id = z.camera
left join apart_at($__timeTo()::timestamptz) a on a.place = p.place
left join lateral (
  -- Older than the camera's own patience it says nothing of now.
  select o.value, o.flag, o.confidence from observation o
  where o.station = z.camera and o.parameter = case z.kind when 'water' then 'water_state/' || z.zone else z.parameter end
    and o.at <= $__timeTo() and o.at > $__timeTo()::timestamptz - make_interval(secs => c.silent_after_s)
  order by o.at desc limit 1
) w on true
where p.kind = 'zone' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($camera) or p.camera in ($camera))
order by case when a.why is null then p.rank else 5.5 end, a.why = 'unsent', a.why = 'untaught', p.name;
