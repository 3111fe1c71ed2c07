-- Bảng dưới có bao nhiêu dòng của mỗi việc, nặng nhất trước: cùng một câu hỏi với bảng / the rows of the list below by what they are, the worst first; its own query.
select coalesce(string_agg(figure_vi(n, 0, true) || ' ' || what, ', ' order by first), 'không có khoản nào') as "Cần xem"
from (
  select "Việc" as what, count(*)::float8 as n, min(turn) as first
  from (
    select l."Việc", row_number() over () as turn from (
{list}
    ) l
  ) listed
  group by 1
) kinds;
