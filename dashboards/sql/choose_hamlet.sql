-- Các thôn để chọn / hamlets to choose by.
select distinct name as __text, code as __value from hamlet where code is not null and valid_to is null order by 1;
