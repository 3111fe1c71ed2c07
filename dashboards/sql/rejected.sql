-- Bản tin bị từ chối theo lý do / rejected messages by reason.
select reason as "Lý do", count(*) as "Số bản tin", count(replayed_at) as "Đã gửi lại"
from rejected
where $__timeFilter(at)
group by reason
order by 2 desc;
