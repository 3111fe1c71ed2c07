-- Mỗi trạm không khí một câu / one sentence of each air station.
select p.name as "Trạm", p.shape || ' ' || p.state_vi as "Tình trạng", p.vi as "Nói gì"
from places_at($__timeTo()::timestamptz) p
where p.kind = 'air' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($station) or p.place in ($station))
order by p.rank, p.name;
