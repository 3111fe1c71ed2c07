-- Tin chưa chắc đến nơi: đang chờ, nghi ngờ, bị từ chối / messages not known to have arrived.
select count(*) filter (where state in ('pending', 'sending', 'doubt', 'refused', 'expired')) as "chưa đến"
from notification
where $__timeFilter(created_at);
