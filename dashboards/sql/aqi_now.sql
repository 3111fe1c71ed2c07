-- VN_AQI giờ mới nhất / newest hourly VN_AQI, the worst station; empty when older than three hours.
select (
  select max(value) from derived
  where parameter = 'vn_aqi' and at = (
    select max(at) from derived
    where parameter = 'vn_aqi' and at <= $__timeTo() and at > $__timeTo()::timestamptz - interval '3 hours'
  )
) as "VN_AQI";
