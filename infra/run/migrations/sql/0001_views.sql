-- The last word of each sensor. No reading yet is shown as such, never left out: blind is not safe.
create view sensor_state as
select p.station, s.name as station_name, p.parameter, p.unit, p.interval_s, p.silent_after_s,
  last.at, last.value, last.flag, extract(epoch from now() - last.at) as silence_s
from station_parameter p
join station s on s.id = p.station
left join lateral (
  select o.at, o.value, o.flag from observation o
  where o.station = p.station and o.parameter = p.parameter
  order by o.at desc limit 1
) last on true;
