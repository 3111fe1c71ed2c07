-- Bao nhiêu cảnh báo đang mở, không kể mất tín hiệu / open alerts, silence apart.
select count(*) as "đang mở"
from alert
where kind not in ('silent', 'frozen', 'untrusted', 'blind', 'clock', 'outage') and raised_at <= $__timeTo() and (cleared_at is null or cleared_at > $__timeTo());
