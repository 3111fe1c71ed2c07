-- Tiền nhận theo thôn, trừ tiền hoàn; mỗi cột một giờ hoặc dài hơn khi cửa sổ dài / money received by hamlet, net of refunds.
select m.at as time, m.hamlet_name || repeat(chr(8203), (dense_rank() over (order by m.hamlet) - 1)::int % 8) as metric, sum(m.net_vnd)::float8 / 1e6 as value
from money_hours($__timeFrom()::timestamptz, $__timeTo()::timestamptz, make_interval(secs => $__interval_ms / 1000.0)) m
where '*' in ($hamlet) or m.hamlet in ($hamlet)
group by 1, m.hamlet_name, m.hamlet
order by 1;
