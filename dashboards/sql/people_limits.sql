-- Các mức đông người / the levels of crowds.
select t.time, r.name || ' (' || trim_scale(r.raise_at::numeric) || ')' as metric, r.raise_at as value
from rule_level r
cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) as t (time)
where r.kind = 'crowd'
order by 1;
