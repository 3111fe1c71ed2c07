-- Tin nhắn: ai, có tới không; theo giờ của việc được báo / the messages, who and whether it came.
-- By the time of what they tell: of a recording that is played, this is not the time at which it was played.
select to_char(ch.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc",
  coalesce(c.name, n.contact) || case when n.exercise then ' (diễn tập)' else '' end as "Người nhận",
  case n.channel {channels} else n.channel end as "Kênh",
  case n.state
    when 'delivered' then 'đã nhận' when 'sent' then 'đã gửi' when 'pending' then 'đang chờ' when 'sending' then 'đang gửi'
    when 'doubt' then 'NGHI NGỜ' when 'refused' then 'BỊ TỪ CHỐI'
    when 'merged' then 'gộp vào tin khác' when 'muted' then 'không báo' when 'expired' then 'QUÁ HẠN' else n.state
  end as "Kết quả",
  coalesce(value_vi(n.price_vnd, 'VND'), '–') as "Giá",
  n.sms_text as "Nội dung",
  -- Vietnamese stands first and English in brackets; a code of a machine stays where it is all there is.
  coalesce(nullif(regexp_replace(n.reason, ' \([^()]*\)$', ''), ''), '–') as "Lý do"
from notification n
join alert_change ch using (alert, seq)
left join contact c on c.id = n.contact
where $__timeFilter(ch.at) and ('*' in ($hamlet) or c.hamlets is null or cardinality(c.hamlets) = 0 or c.hamlets && array[$hamlet]::text[])
order by ch.at desc, n.created_at desc
limit 200;
