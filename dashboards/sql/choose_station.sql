-- Các trạm để chọn / stations to choose by.
select name as __text, id as __value from station order by 1;
