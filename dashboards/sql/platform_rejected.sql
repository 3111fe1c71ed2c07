-- Bản tin bị từ chối theo chủ đề và lý do / rejected records by topic and reason.
select r.topic as "Chủ đề", coalesce(w.vi, r.reason) as "Lý do", count(*)::text as "Bản tin", count(r.replayed_at)::text as "Gửi lại",
  to_char(max(r.at) at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Mới nhất"
from rejected r
left join word w on w.kind = 'reason' and w.code = r.reason
where $__timeFilter(r.at)
group by r.topic, 2
order by count(*) desc;
