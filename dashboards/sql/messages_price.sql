-- Tiền của các tin, theo giờ của việc được báo / the price of the messages, by the time of what they tell.
select coalesce(value_vi(sum(n.price_vnd)::float8, 'VND'), 'chưa có tin tính tiền') as "đồng"
from notification n join alert_change ch using (alert, seq) left join contact c on c.id = n.contact
where $__timeFilter(ch.at) and ('*' in ($hamlet) or c.hamlets is null or cardinality(c.hamlets) = 0 or c.hamlets && array[$hamlet]::text[]);
