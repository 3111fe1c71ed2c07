-- Từng vùng: tình trạng, số người, tuổi; camera chưa có hình cũng có dòng / each zone: state, people, age; cameras without a picture too.
select p.name as "Vùng", p.shape || ' ' || p.state_vi as "Tình trạng",
  case when p.known and p.value is not null then value_vi(p.value, p.unit) else 'không rõ' end as "Số người",
  case when p.datum_at is null then 'chưa đếm lần nào' else ago(p.datum_at, $__timeTo()::timestamptz) end as "Đếm",
  p.vi as "Nói gì"
from places_at($__timeTo()::timestamptz) p
where p.kind = 'zone' and ('*' in ($hamlet) or p.hamlets && array[$hamlet]) and ('*' in ($camera) or p.camera in ($camera))
order by p.rank, p.name;
