-- Mục tiêu, mỗi mục tiêu theo kỳ của nó, không theo cửa sổ đang xem / targets, each in its own period, not in that of the window.
with moment as (select $__timeTo()::timestamptz as t),
wanted as (
  select g.name, g.vi, g.target, g.whole, p.vi as period,
    date_trunc(p.en, moment.t at time zone 'Asia/Ho_Chi_Minh') at time zone 'Asia/Ho_Chi_Minh' as since
  from payment_target g cross join moment join word p on p.kind = 'payment_period' and p.code = g.name
), reached as (
  select s.since, c.name, c.part, exists (select from payment p where p.at >= s.since and p.at < moment.t) as told
  from (select distinct since from wanted) s cross join moment
  cross join lateral cashless(s.since, moment.t) c
)
select w.vi as "Mục tiêu",
  w.period || ', từ ' || to_char(w.since at time zone 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY') as "Kỳ",
  case when r.told then replace(to_char(r.part, 'FM999,999,990'), ',', '.') || ' trong ' || replace(to_char(w.whole, 'FM999,999,990'), ',', '.') else '–' end as "Đạt",
  case when r.told and w.whole > 0 then replace(round(100.0 * r.part / w.whole, 1)::text, '.', ',') || ' %' else '–' end as "Tỷ lệ",
  replace(round((100 * w.target)::numeric, 0)::text, '.', ',') || ' %' as "Cần",
  case when not r.told then 'chưa có khoản nào' when r.part >= w.target * w.whole then 'đạt' else 'chưa đạt' end as "Kết quả"
from wanted w join reached r on r.since = w.since and r.name = w.name
order by 1;
