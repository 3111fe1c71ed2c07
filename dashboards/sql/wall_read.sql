-- Kho được đọc lúc mấy giờ thật / when the store was read, by its own clock.
select 'đọc ' || to_char(now() at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI:SS') as "Đọc";
