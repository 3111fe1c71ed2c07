-- Bản tin bị từ chối theo lý do / rejected messages by reason.
select coalesce(w.vi, r.reason) as "Lý do", count(*) as "Số bản tin", count(r.replayed_at) as "Đã gửi lại"
from rejected r
left join word w on w.kind = 'reason' and w.code = r.reason
where $__timeFilter(r.at)
group by 1
order by 2 desc;
