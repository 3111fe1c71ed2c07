-- Việc cần người: đã trừ tiền mà chưa trả, hoàn tiền không thấy khoản, khoản bất thường, khoản không rõ trả gì / what needs a hand.
select to_char(x.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') as "Lúc", coalesce(p.name, x.place, 'không rõ') as "Nơi thu",
  coalesce(value_vi(x.amount::float8, 'VND'), '–') as "Số tiền", x.what as "Việc", x.why as "Vì sao"
from (
  -- Until somebody has seen to it, up to a year: older ones are the notebook's (of three years all took 3 s).
  select 1 as rank, at, merchant as place, amount_vnd as amount, 'CẦN NGƯỜI XEM' as what, vi as why
  from money_for_a_person where at <= $__timeTo() and at > $__timeTo()::timestamptz - interval '1 year'
  union all
  select 2, a.raised_at, a.station, a.value, 'bất thường', 'từ ' || value_vi(c."limit", 'VND') || ' là bất thường'
  from real_alert a join alert_change c on c.alert = a.alert and c.seq = 1
  where a.kind = 'payment' and $__timeFilter(a.raised_at)
  union all
  select 3, at, merchant, amount_vnd, 'không rõ trả gì', vi from payment where vi <> '' and $__timeFilter(at)
  union all
  select 4, max(at), merchant, sum(amount_vnd), 'đã tính một lần', count(*) || ' khoản hai nguồn cùng báo'
  from payment_same where $__timeFilter(at) group by merchant
) x
left join place p on p.id = x.place and p.what = 'merchant'
order by x.rank, x.at desc;
