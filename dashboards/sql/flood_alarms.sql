-- Báo động lũ đúng hay sai, sớm bao nhiêu, theo những gì cuối cửa sổ đã biết / were the alarms right, how early, as the end of the window knew.
select coalesce(p.name, a.station) as "Nơi", to_char(a.raised_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Báo lúc",
  case when a.hit and a.start_at <= $__timeTo() then 'đúng' when a.raised_at > $__timeTo()::timestamptz - interval '24 hours' then 'chưa rõ' else 'BÁO SAI' end as "Kết quả",
  case when a.start_at <= $__timeTo() then case when a.lead_h >= 0 then 'sớm ' else 'muộn ' end || coalesce(span_vi(abs(a.lead_h) * 3600), '–') else '–' end as "So với lúc lũ",
  (select string_agg(e ->> 'vi', '; ') from alert_change c, jsonb_array_elements(c.evidence) e
    where c.alert = a.alert and c.seq = (
      select max(m.seq) from alert_change m where m.alert = a.alert and m.evidence is not null and m.at <= $__timeTo())) as "Bằng chứng"
from flood_alarm a
left join lateral (select q.name from place q where q.id = a.station and q.what in ('station', 'flood_place') order by q.what limit 1) p on true
where a.raised_at <= $__timeTo()
order by a.raised_at desc
limit 20;
