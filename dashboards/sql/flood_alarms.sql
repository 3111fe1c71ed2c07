-- Báo động lũ đúng hay sai, sớm bao nhiêu / were the alarms right, and how early.
select coalesce(p.name, a.station) as "Nơi", to_char(a.raised_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Báo lúc",
  case when a.hit then 'đúng' when a.raised_at > $__timeTo()::timestamptz - interval '24 hours' then 'chưa rõ' else 'BÁO SAI' end as "Kết quả",
  case when a.lead_h >= 0 then 'sớm ' else 'muộn ' end || trim_scale(round(abs(a.lead_h)::numeric, 1)) || ' giờ' as "So với lúc lũ",
  (select string_agg(e ->> 'vi', '; ') from alert_change c, jsonb_array_elements(c.evidence) e
    where c.alert = a.alert and c.seq = (select max(seq) from alert_change m where m.alert = a.alert and m.evidence is not null))
    as "Bằng chứng"
from flood_alarm a left join place p on p.id = a.station
where a.raised_at <= $__timeTo()
order by a.raised_at desc limit 20;
