-- Đèn của từng lồng, nặng trước: hình, số đo hoặc vì sao không biết, tuổi; trên cùng là một câu / the light of each cage, the worst first, below one sentence.
with cage as (
  select c.*, case c.parameter when '' then null else coalesce(w.vi, c.parameter) end as what,
    299 * ('x' || substr(c.colour, 2, 2))::bit(8)::int + 587 * ('x' || substr(c.colour, 4, 2))::bit(8)::int
      + 114 * ('x' || substr(c.colour, 6, 2))::bit(8)::int > 125000 as bright
  from places_at($__timeTo()::timestamptz) c
  left join word w on w.kind = 'parameter' and w.code = c.parameter
  where c.kind = 'cages' and ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($station) or c.place in ($station))
), said as (
  select rank, shape, state_vi, count(*) as n, sum(count(*)) over () as total from cage group by 1, 2, 3
)
select '<div style="font:600 1.7vw/1.3 sans-serif;color:#e8eaed">' || coalesce((
    select string_agg(case when n < total then n || ' trong ' || total || ' lồng ' when n = 1 then 'lồng ' else 'cả ' || n || ' lồng ' end
 || state_vi, ', ' order by rank) from said), 'không có lồng nào được chọn') || '</div>'
  || coalesce('<div>' || string_agg(
    '<div style="display:inline-block;vertical-align:top;box-sizing:border-box;width:' || greatest(98 / count_all, 16) || '%;margin:.3vw .5% 0 0;border-radius:.4vw;padding:.5vw 1vw;'
    || case when known then 'background:' || colour || ';color:' || case when bright then '#111' else '#fff' end
      else 'background:repeating-linear-gradient(45deg,#3a3f47 0,#3a3f47 .6vw,#55595f .6vw,#55595f 1.2vw);border:.2vw solid ' || colour || ';color:#fff' end || '">'
    || '<div style="font:600 1.4vw/1.2 sans-serif">' || replace(replace(name, '&', '&amp;'), '<', '&lt;') || '</div>'
    || '<div style="font:700 3vw/1.2 sans-serif">' || shape || ' ' || case when known and value is not null then value_vi(value, unit) else state_vi end || '</div>'
    || '<div style="font:400 1.1vw/1.3 sans-serif">' || case when known and what is not null then what || ' · ' || state_vi || ' · ' else '' end
    || case when datum_at is null then 'chưa đo bao giờ' else 'đo ' || to_char(datum_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') || ', ' || ago(datum_at, $__timeTo()::timestamptz) end
    || '</div></div>', '' order by rank, name) || '</div>', '') as html
from (select *, count(*) over () as count_all from cage) cage;
