-- Từng lần gửi và câu trả lời, theo giờ của việc được báo / each attempt and its answer, by the time of what is told.
select to_char(x.started_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI:SS DD/MM') as "Gửi lúc", coalesce(c.name, n.contact) as "Người nhận",
  case x.channel {channels} else x.channel end as "Kênh",
  case x.answer when 'sent' then 'đã gửi' when 'retry' then 'sẽ gửi lại' when 'refused' then 'BỊ TỪ CHỐI' when 'doubt' then 'NGHI NGỜ'
    when 'away' then 'KÊNH HỎNG' when 'stopped' then 'KÊNH DỪNG' else coalesce(x.answer, 'chưa trả lời') end as "Trả lời",
  coalesce(round(extract(epoch from x.finished_at - x.started_at)::numeric * 1000) || ' ms', '–') as "Mất",
  coalesce(case when x.answer <> 'sent' then concat_ws(': ', nullif(x.code, ''), nullif(regexp_replace(x.reason, ' \([^()]*\)$', ''), '')) end, '–') as "Lý do"
from attempt x
join notification n on n.id = x.notification
join alert_change ch using (alert, seq)
left join contact c on c.id = n.contact
where $__timeFilter(ch.at) and ('*' in ($hamlet) or c.hamlets is null or cardinality(c.hamlets) = 0 or c.hamlets && array[$hamlet]::text[])
order by x.started_at desc
limit 200;
