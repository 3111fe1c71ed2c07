-- Khoản bất thường, và khoản không rõ trả cho gì / odd payments, and those that name nothing.
select to_char(x.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc", coalesce(p.name, x.place) as "Nơi thu",
  replace(to_char(x.amount, 'FM999,999,999,999'), ',', '.') || ' đ' as "Số tiền", x.why as "Vì sao"
from (
  select a.raised_at as at, a.station as place, a.value as amount,
    'từ ' || replace(to_char(c."limit", 'FM999,999,999,999'), ',', '.') || ' đ là bất thường' as why
  from alert a join alert_change c on c.alert = a.alert and c.seq = 1
  where a.kind = 'payment' and $__timeFilter(a.raised_at)
  union all
  select at, merchant, amount_vnd, vi from payment where vi <> '' and $__timeFilter(at)
) x
left join place p on p.id = x.place
order by x.at desc
limit 100;
