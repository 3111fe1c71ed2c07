-- Dự báo ôxy lúc bình minh, theo giờ dự báo / what was forecast for sunrise, by the time of the forecast.
select date_bin(greatest(make_interval(secs => $__interval_ms / 1000.0), interval '1 minute'), d.at, 'epoch') as time,
  c.name || case d.parameter when 'oxygen_dawn' then ' · bình minh' when 'oxygen_dawn_low' then ' · thấp nhất' else ' · cao nhất' end || repeat(chr(8203), c.turn) as metric,
  min(d.value) as value
from (
  -- The turn says the colour: of all cages, so that a line and its forecast have one.
  select c.place, c.name, (dense_rank() over (order by c.name) - 1)::int % 8 as turn from place_name c
  where c.kind = 'cages' and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($station) or c.place in ($station))
) c
join derived d on d.station = c.place and d.parameter in ('oxygen_dawn', 'oxygen_dawn_low', 'oxygen_dawn_high')
where $__timeFilter(d.at)
group by 1, c.name, c.turn, d.parameter
order by 1;
