-- Hôm nay nhận bao nhiêu, từ nửa đêm / what came in today, since midnight of Vietnam.
select coalesce(value_vi(sum(m.net_vnd)::float8, 'VND') || ' · ' || figure_vi(sum(m.payments)::float8, 0, true) || ' khoản', 'hôm nay chưa có khoản nào') as "Hôm nay"
from money_hours(date_trunc('day', $__timeTo()::timestamptz at time zone 'Asia/Ho_Chi_Minh') at time zone 'Asia/Ho_Chi_Minh',
  $__timeTo()::timestamptz) m;
