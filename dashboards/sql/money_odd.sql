-- Khoản cần người xem, khoản bất thường, khoản không rõ trả cho gì / payments for a person, odd ones, those that name nothing.
select to_char(x.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc", coalesce(p.name, x.place) as "Nơi thu",
  replace(to_char(x.amount, 'FM999,999,999,999'), ',', '.') || ' đ' as "Số tiền", x.why as "Vì sao"
from (
  -- Taken and not paid, taken back without a payment, told twice in two ways.
  select 1 as rank, at, merchant as place, amount_vnd as amount, 'CẦN NGƯỜI XEM: ' || vi as why
  from money_for_a_person where $__timeFilter(at)
  union all
  select 2, a.raised_at, a.station, a.value,
    'từ ' || replace(to_char(c."limit", 'FM999,999,999,999'), ',', '.') || ' đ là bất thường'
  from alert a join alert_change c on c.alert = a.alert and c.seq = 1
  where a.kind = 'payment' and $__timeFilter(a.raised_at)
  union all
  select 2, at, merchant, amount_vnd, vi from payment where vi <> '' and $__timeFilter(at)
  union all
  select 3, max(at), merchant, sum(amount_vnd), count(*) || ' khoản hai nguồn cùng báo: chỉ tính một lần'
  from payment_same where $__timeFilter(at) group by merchant
) x
left join place p on p.id = x.place
order by x.rank, x.at desc
limit 100;
