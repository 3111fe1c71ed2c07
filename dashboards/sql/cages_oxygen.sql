-- Ôxy ở từng lồng, thấp nhất của mỗi quãng / oxygen of each cage, the lowest of each step.
select date_bin(greatest(make_interval(secs => $__interval_ms / 1000.0), interval '1 minute'), o.at, 'epoch') as time, c.name || repeat(chr(8203), c.turn) as metric, min(o.value) as value
from (
  -- The turn says the colour: of all cages, so that a line and its forecast have one.
  select c.place, c.name, (dense_rank() over (order by c.name) - 1)::int % 8 as turn from place_name c
  where c.kind = 'cages' and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($station) or c.place in ($station))
) c
join observation o on o.station = c.place and o.parameter = 'dissolved_oxygen'
where o.flag < 4 and $__timeFilter(o.at)
group by 1, c.name, c.turn
order by 1;
