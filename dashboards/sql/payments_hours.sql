-- Tiền nhận theo thôn, trừ tiền hoàn; mỗi cột một giờ hoặc dài hơn khi cửa sổ dài / money received by hamlet, net of refunds.
select m.at as time, m.hamlet_name as metric, sum(m.net_vnd)::float8 as value
from money_hours($__timeFrom()::timestamptz, $__timeTo()::timestamptz, make_interval(secs => $__interval_ms / 1000.0)) m
group by 1, 2
order by 1;
