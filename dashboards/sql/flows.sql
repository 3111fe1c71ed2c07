-- Các luồng: đã đọc, lưu, từ chối, trùng, im bao lâu / flows and how long since their last write.
select flow as "Luồng", sum(read) as "Đã đọc", sum(stored) as "Đã lưu", sum(rejected) as "Từ chối",
  sum(duplicates) as "Trùng", sum(still) as "Đứng yên", sum(dropped) as "Bỏ qua", extract(epoch from now() - max(updated_at)) as "Im lặng"
from source_offset
group by 1
order by 1;
