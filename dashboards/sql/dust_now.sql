-- PM2.5 trung bình giờ mới nhất / newest hourly PM2.5; empty when older than three hours.
select (
  select value from derived
  where parameter = 'pm25_1h' and at <= $__timeTo() and at > $__timeTo()::timestamptz - interval '3 hours'
  order by at desc limit 1
) as "PM2.5 giờ";
