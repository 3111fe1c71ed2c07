-- Số tin theo giờ của việc được báo, cùng một nghĩa với danh sách / messages by the time of what they tell, as in the list.
select count(*) as "chưa chắc"
from message_ledger n
where $__timeFilter(n.at) and not n.exercise and n.state in ('pending', 'sending', 'sent', 'doubt', 'refused', 'expired')
  and ('*' in ($hamlet) or cardinality(n.hamlets) = 0 or n.hamlets && array[$hamlet]::text[]);
