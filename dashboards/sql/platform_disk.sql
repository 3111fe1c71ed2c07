-- Phần đĩa còn trống, chưa biết khi số đo quá 10 phút / the share of the disk that is free; not known of a measure older than 10 minutes.
select (
  select f.value / w.value from platform_measure f join platform_measure w on w.what = 'disk_total' and w.name = f.name and w.at = f.at
  where f.what = 'disk_free' and f.at <= $__timeTo() and f.at > $__timeTo()::timestamptz - interval '10 minutes'
  order by f.at desc limit 1
) as "còn trống";
