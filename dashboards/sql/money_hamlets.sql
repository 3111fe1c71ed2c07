-- Theo thôn: bao nhiêu khoản, bao nhiêu tiền / by hamlet: how many payments, how much.
select coalesce(h.name, l.hamlet) as "Thôn", count(*) as "Số khoản", replace(to_char(sum(l.net_vnd), 'FM999,999,999,999'), ',', '.') || ' đ' as "Đồng",
  count(distinct l.household) as "Số hộ"
from ledger l
left join (select distinct on (code) code, name from hamlet order by code, valid_from desc) h on h.code = l.hamlet
where $__timeFilter(l.at)
group by 1
order by sum(l.net_vnd) desc;
