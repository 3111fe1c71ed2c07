-- Mưa dồn 1, 3, 6, 12, 24 giờ; thiếu số liệu thì là "ít nhất" / sums of rain; with gaps "at least".
select s.name as "Trạm", d.parameter_hours || ' giờ' as "Trong",
  case when d.flag > 1 then 'ít nhất ' else '' end || trim_scale(round(d.value::numeric, 1)) || ' mm' as "Mưa",
  d.count || ' %' as "Đo được",
  to_char(d.at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') as "Lúc"
from (
  select distinct on (station, parameter) station, substring(parameter from 'rain_(\d+)h')::int as parameter_hours,
    value, flag, count, at
  from derived
  where parameter ~ '^rain_\d+h$' and at <= $__timeTo() and at > $__timeTo()::timestamptz - interval '2 hours'
  order by station, parameter, at desc
) d
join station s on s.id = d.station
order by 1, d.parameter_hours;
