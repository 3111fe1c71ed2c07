-- Tiền của các tin, theo giờ của việc được báo / the price of the messages, by the time of what they tell.
select coalesce(value_vi(sum(n.price_vnd)::float8, 'VND'), 'chưa có tin tính tiền') as "đồng"
from message_ledger n
where $__timeFilter(n.at) and ('*' in ($hamlet) or cardinality(n.hamlets) = 0 or n.hamlets && array[$hamlet]::text[]);
