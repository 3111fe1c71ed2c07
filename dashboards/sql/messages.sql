-- Tin nhắn: ai, có tới không; theo giờ của việc được báo / the messages, who and whether it came.
-- By the time of what they tell: of a recording that is played, this is not the time at which it was played.
select to_char(n.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc",
  n.name || case when n.exercise then ' (diễn tập)' else '' end as "Người nhận",
  case n.channel {channels} else n.channel end as "Kênh",
  case n.state
    when 'delivered' then 'đã nhận' when 'sent' then 'đã gửi' when 'pending' then 'đang chờ' when 'sending' then 'đang gửi'
    when 'doubt' then 'NGHI NGỜ' when 'refused' then 'BỊ TỪ CHỐI'
    when 'merged' then 'gộp vào tin khác' when 'muted' then 'không báo' when 'expired' then 'QUÁ HẠN' else n.state
  end as "Kết quả",
  coalesce(case when n.reckoned then '~' else '' end || value_vi(n.price_vnd::float8, 'VND'), '–') as "Giá",
  coalesce(nullif(concat_ws(', ', 'đọc ' || to_char(n.read_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI'),
    'trả lời ' || to_char(n.answered_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI')), ''), '–') as "Đọc, trả lời",
  n.text as "Nội dung",
  -- Vietnamese stands first and English in brackets; a code of a machine stays where it is all there is.
  coalesce(nullif(regexp_replace(n.reason, ' \([^()]*\)$', ''), ''), '–') as "Lý do"
from message_ledger n
where $__timeFilter(n.at) and ('*' in ($hamlet) or cardinality(n.hamlets) = 0 or n.hamlets && array[$hamlet]::text[])
order by n.at desc, n.created_at desc
limit 200;
