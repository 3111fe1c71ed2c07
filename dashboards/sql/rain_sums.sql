-- Mưa dồn 1, 3, 6, 12, 24 giờ; thiếu số liệu thì là "ít nhất" / sums of rain; with gaps "at least".
select s.name as "Trạm", d.hours || ' giờ' as "Trong",
  case when d.flag > 1 then 'ít nhất ' else '' end || value_vi(d.value, d.unit) as "Mưa",
  d.count || ' %' as "Đo được",
  ago(d.at, $__timeTo()::timestamptz) as "Lúc"
from (
  select distinct on (station, parameter) station, substring(parameter from 'rain_(\d+)h')::int as hours,
    value, unit, flag, count, at
  from derived
  where parameter ~ '^rain_\d+h$' and at <= $__timeTo() and at > $__timeTo()::timestamptz - interval '2 hours'
    and ('*' in ($station) or station in ($station))
  order by station, parameter, at desc
) d
join station s on s.id = d.station
order by 1, d.hours;
