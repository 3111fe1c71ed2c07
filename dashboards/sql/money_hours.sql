-- Tiền nhận mỗi giờ theo thôn / money received an hour, by hamlet.
select date_trunc('hour', l.at) as time, coalesce(h.name, l.hamlet) as metric, sum(l.net_vnd) / 1e6::float8 as value
from ledger l
left join (select distinct on (code) code, name from hamlet order by code, valid_from desc) h on h.code = l.hamlet
where $__timeFilter(l.at)
group by 1, 2
order by 1;
