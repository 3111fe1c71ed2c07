-- Bao nhiêu khoản cần người xem, cùng một định nghĩa với bảng dưới / how many wait for a person, by the same definition as the list.
select case count(*) when 0 then 'không có khoản nào' else count(*) || ' khoản cần người xem' end as "Cần xem"
from money_for_a_person where at <= $__timeTo();
