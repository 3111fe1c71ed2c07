-- Theo thôn trong cửa sổ đang xem, thôn không có khoản nào cũng có dòng / by hamlet in the window; one without a payment too.
select coalesce(h.name, m.name) as "Thôn", coalesce(m.payments, 0)::text as "Số khoản",
  case when m.payments is null then '–' else value_vi(m.net_vnd::float8, 'VND') end as "Tiền",
  case when m.payments is null then '–' when m.households = 0 then 'không khoản nào nêu mã hộ' else m.households || ' hộ có nêu mã' end as "Hộ đã trả"
from (select distinct on (code) code, name from hamlet where valid_from <= $__timeTo()::timestamptz order by code, valid_from desc) h
full join money_hamlets($__timeFrom()::timestamptz, $__timeTo()::timestamptz) m on m.hamlet = h.code
where '*' in ($hamlet) or coalesce(h.code, m.hamlet) in ($hamlet)
order by m.net_vnd desc nulls last, 1;
