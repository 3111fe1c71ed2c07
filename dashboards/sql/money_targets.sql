-- Không tiền mặt so với mục tiêu của xã / without cash, against the commune's targets.
select vi as "Mục tiêu", part || ' / ' || whole as "Đạt", part::float8 / whole as "Tỷ lệ", target as "Cần",
  case when part::float8 / whole >= target then 'đạt' else 'chưa đạt' end as "Kết quả"
from cashless($__timeFrom()::timestamptz, $__timeTo()::timestamptz);
