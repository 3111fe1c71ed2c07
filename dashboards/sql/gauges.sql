-- Từng trạm đo nước: tình trạng và câu nói / each gauge: its state and its sentence.
select p.name as "Trạm", p.shape || ' ' || p.state_vi as "Tình trạng", p.vi as "Hiện nay",
  coalesce(to_char(p.since at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM'), '–') as "Từ lúc"
from places_at($__timeTo()) p
where p.kind in ('gauge', 'street') and ('*' in ($station) or p.place in ($station))
order by p.rank, p.since nulls last, p.place;
