-- Các camera để chọn / cameras to choose by.
select name as __text, id as __value from camera order by 1;
