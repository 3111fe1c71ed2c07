-- Đầu màn hình: bao nhiêu nơi ở tình trạng nào, số liệu cũ nhất, giờ của cửa sổ / how many places are how, the oldest datum, the clock.
with apart as (select * from apart_at($__timeTo()::timestamptz)),
placed as (select * from places_at($__timeTo()) p where not exists (select from apart a where p.kind = 'zone' and a.place = p.place)),
counted as (
  select rank, shape, state_vi, colour, rank = max(rank) over () as calm, count(*) as many,
    299 * ('x' || substr(colour, 2, 2))::bit(8)::int + 587 * ('x' || substr(colour, 4, 2))::bit(8)::int
      + 114 * ('x' || substr(colour, 6, 2))::bit(8)::int > 125000 as bright
  from (select p.rank, p.shape, p.state_vi, p.colour from placed p
    union all select s.rank, s.shape, s.vi, s.colour from state s where s.rank = (select max(rank) from state)) each
  group by 1, 2, 3, 4
),
badges as (
  select turn, turn = 1 or letters <= 30 as large, case when calm then '<span style="color:#9aa0a6">' || shape || nbsp || many - 1 || nbsp || replace(state_vi, ' ', nbsp) || '</span>'
    else '<span style="background:' || colour || ';color:' || case when bright then '#111' else '#fff' end
      || ';padding:0 .6vw;margin-right:.6vw;border-radius:.3vw">' || shape || nbsp || many || nbsp || replace(state_vi, ' ', nbsp) || '</span>' end as html
  from (select *, chr(160) as nbsp, row_number() over (order by rank) as turn, sum(length(state_vi) + 4) over () as letters
    from counted where not calm or many > 1) each
),
said as (
  -- The worst in 44 px always; the others in two small lines beside it where they would not stand in one.
  select '<span style="flex-shrink:0;font:600 2.3vw/1.15 sans-serif">' || string_agg(html, ' ' order by turn) filter (where large) || '</span>'
    || coalesce('<span style="flex-shrink:1;max-width:27vw;font:600 1vw/1.25 sans-serif">' || string_agg(html, ' ' order by turn) filter (where not large) || '</span>', '') as html
  from badges
),
oldest as (
  select 'cũ nhất: ' || replace(replace(split_part(name, ',', 1), '&', '&amp;'), '<', '&lt;') || ', ' || ago(datum_at, $__timeTo()::timestamptz) as html
  from placed order by datum_at nulls first, name limit 1
)
select '<div style="display:flex;justify-content:space-between;align-items:flex-start;font:600 2.3vw/1.15 sans-serif;color:#e8eaed">'
  || coalesce((select html from said),
    case when exists (select from apart) then '<span>không biết tình hình nơi nào</span>' else '<span>chưa có nơi nào được khai báo</span>' end)
  || '<span style="font:400 .8vw/1.35 sans-serif;color:#bdc1c6;padding:0 .5vw;flex-shrink:1;text-align:right">' || coalesce((select html from oldest), '')
  || (select '<div style="color:' || case when not k.known then '#e8eaed' when k.rank = (select max(rank) from state) then '#bdc1c6' else '#f2d024' end
    || '">' || c.vi || '</div>' from canary_at($__timeTo()::timestamptz) c join state k on k.code = c.state) || '</span>'
  || '<span style="flex-shrink:0;font:600 2.3vw/1.1 sans-serif">' || to_char($__timeTo()::timestamptz at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI')
  || chr(160) || '<span style="font:400 1vw/1 sans-serif;color:#bdc1c6">' || to_char($__timeTo()::timestamptz at time zone 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY')
  || '</span></span></div>' as html;
