-- Các luồng lúc này: đã đọc, lưu, từ chối, trùng, lần ghi cuối theo giờ máy; còn chờ ở cuối khoảng / flows of now, by the machine's clock; what waits is of the window's end.
select f.flow as "Luồng", f.topic as "Chủ đề", f.read::text as "Đã đọc", f.stored::text as "Đã lưu", f.rejected::text as "Từ chối", f.duplicates::text as "Trùng",
  f.still::text as "Đứng yên", f.dropped::text as "Bỏ qua", coalesce(l.value::bigint::text, 'chưa biết') as "Còn chờ, cuối khoảng",
  ago(f.updated_at, now()) as "Ghi lần cuối"
from (
  select flow, topic, sum(read) as read, sum(stored) as stored, sum(rejected) as rejected, sum(duplicates) as duplicates,
    sum(still) as still, sum(dropped) as dropped, max(updated_at) as updated_at
  from source_offset group by 1, 2
) f
left join lateral (
  select m.value from platform_measure m where m.what = 'lag' and m.name = f.flow || ' ' || f.topic and m.at <= $__timeTo()
    and m.at > $__timeTo()::timestamptz - interval '10 minutes' order by m.at desc limit 1
) l on true
order by 1, 2;
