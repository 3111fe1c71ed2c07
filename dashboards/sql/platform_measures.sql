-- Máy và chương trình trong 24 giờ: khởi động lại, cái nào dừng, đĩa; chưa ghi thì nói / restarts, what stopped, disk; what was not measured is said.
with day as (
  select m.what, m.name, m.at, m.value from platform_measure m
  where m.at <= $__timeTo() and m.at > $__timeTo()::timestamptz - interval '1 day'
), newest as (
  select distinct on (what, name) what, name, at, value from day order by what, name, at desc
), again as (
  select name, count(distinct value) - 1 as n from day where what = 'started' group by name
)
select x.vi as "Gì", coalesce(x.said, 'chưa biết: housekeeper chưa ghi trong 24 giờ qua') as "Bao nhiêu"
from (
  select 1 as turn, 'Chương trình không chạy' as vi,
    (select coalesce(string_agg(name, ', ' order by name) filter (where value = 0), 'không có') from newest where what = 'running' having count(*) > 0) as said
  union all
  select 2, 'Khởi động lại trong 24 giờ',
    (select coalesce(string_agg(name || ' ' || n || ' lần', ', ' order by n desc, name) filter (where n > 0), 'không có') from again having count(*) > 0)
  union all
  select 3, 'Đĩa', (select value_vi(f.value, f.unit) || ' còn trống trong ' || value_vi(w.value, w.unit)
    from platform_measure f join platform_measure w on w.what = 'disk_total' and w.name = f.name and w.at = f.at
    where f.what = 'disk_free' and f.at = (select max(at) from newest where what = 'disk_free') limit 1)
  union all
  select 4, 'Bản tin còn chờ', (select sum(value)::bigint || ' bản tin' from newest where what = 'lag' having count(*) > 0)
  union all
  select 5, 'Ghi lúc', (select ago(max(at), $__timeTo()::timestamptz) from newest having count(*) > 0)
) x
order by x.turn;
