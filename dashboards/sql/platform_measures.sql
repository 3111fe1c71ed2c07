-- Máy và chương trình: cái nào dừng, khởi động lại trong 24 giờ, đĩa; số đo quá 10 phút thì chưa biết / what stopped, restarts, disk; older than 10 minutes is not known.
with day as (
  select m.what, m.name, m.at, m.value from platform_measure m
  where m.at <= $__timeTo() and m.at > $__timeTo()::timestamptz - interval '1 day'
), newest as (
  select distinct on (what, name) what, name, at, value from day
  where at > $__timeTo()::timestamptz - interval '10 minutes' order by what, name, at desc
), again as (
  select name, count(distinct value) - 1 as n from day where what = 'started' group by name
)
select x.vi as "Gì", coalesce(x.said, 'chưa biết: ' || coalesce(
  'housekeeper không ghi từ ' || to_char((
    select max(m.at) from platform_measure m where (x.what = '' or m.what = x.what) and m.at <= $__timeTo()
  ) at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM'), 'housekeeper chưa ghi')) as "Bao nhiêu"
from (
  select 1 as turn, 'Chương trình không chạy' as vi, 'running' as what,
    (select coalesce(string_agg(name, ', ' order by name) filter (where value = 0), 'không có') from newest where what = 'running' having count(*) > 0) as said
  union all
  select 2, 'Khởi động lại trong 24 giờ', 'started',
    (select coalesce(string_agg(name || ' ' || n || ' lần', ', ' order by n desc, name) filter (where n > 0), 'không có') from again having count(*) > 0)
  union all
  select 3, 'Đĩa', 'disk_free', (select value_vi(f.value, f.unit) || ' còn trống trong ' || value_vi(w.value, w.unit)
    from platform_measure f join platform_measure w on w.what = 'disk_total' and w.name = f.name and w.at = f.at
    where f.what = 'disk_free' and f.at = (select max(at) from newest where what = 'disk_free') limit 1)
  union all
  select 4, 'Bản tin còn chờ', 'lag', (select sum(value)::bigint || ' bản tin' from newest where what = 'lag' having count(*) > 0)
  union all
  select 5, 'Ghi lúc', '', (select ago(max(at), $__timeTo()::timestamptz) from day having count(*) > 0)
) x
order by x.turn;
