-- Phần đĩa còn trống / the share of the disk that is free.
select (
  select f.value / w.value from platform_measure f join platform_measure w on w.what = 'disk_total' and w.name = f.name and w.at = f.at
  where f.what = 'disk_free' and f.at <= $__timeTo() and f.at > $__timeTo()::timestamptz - interval '1 day'
  order by f.at desc limit 1
) as "còn trống";
