-- Số tin theo giờ của việc được báo, cùng một nghĩa với danh sách / messages by the time of what they tell, as in the list.
select count(*) as "đã nhận"
from notification n join alert_change ch using (alert, seq) left join contact c on c.id = n.contact
where $__timeFilter(ch.at) and not n.exercise and n.state = 'delivered'
  and ('*' in ($hamlet) or c.hamlets is null or cardinality(c.hamlets) = 0 or c.hamlets && array[$hamlet]::text[]);
