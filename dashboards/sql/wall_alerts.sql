-- Cảnh báo đang mở: ở đâu, mức nào, từ bao giờ, đã báo ai, ai đã nhận / open alerts: where, which level, since when, who was told, who has it.
with opened as (
  select o.*, row_number() over () as turn, count(*) over () as many,
    299 * ('x' || substr(colour, 2, 2))::bit(8)::int + 587 * ('x' || substr(colour, 4, 2))::bit(8)::int
      + 114 * ('x' || substr(colour, 6, 2))::bit(8)::int > 125000 as bright
  from open_alerts_at($__timeTo()) o
)
select '<div style="font:600 1.25vw/1.25 sans-serif;color:#bdc1c6">' || case count(*) when 0 then 'Không có cảnh báo nào đang mở'
    else max(many) || ' cảnh báo đang mở' || case when max(many) > 6 then ', đây là 6 cái nặng nhất' else '' end end || '</div>'
  || coalesce('<table style="width:100%;margin:0;border:0;font:400 1.25vw/1.25 sans-serif;color:#e8eaed">' || string_agg(
    '<tr style="border:0;background:transparent"><td style="border:0;padding:.1vw .4vw .1vw 0"><span style="background:' || colour || ';color:'
    || case when bright then '#111' else '#fff' end || ';padding:0 .3vw;border-radius:.2vw">' || shape || ' '
    || replace(replace(level_vi, '&', '&amp;'), '<', '&lt;') || '</span></td>'
    || '<td style="border:0;padding:.1vw .4vw">' || replace(replace(name || ': ' || parameter_vi, '&', '&amp;'), '<', '&lt;') || '</td>'
    || '<td style="border:0;padding:.1vw .4vw">' || coalesce(value_vi, '–') || '</td>'
    || '<td style="border:0;padding:.1vw .4vw">từ ' || to_char(since at time zone 'Asia/Ho_Chi_Minh',
      case when since > $__timeTo()::timestamptz - interval '20 hours' then 'HH24:MI' else 'HH24:MI DD/MM' end) || '</td>'
    || '<td style="border:0;padding:.1vw .4vw">' || case when told > 0 then 'báo ' || told || ' tin: ' else '' end
    || replace(replace(told_vi, '&', '&amp;'), '<', '&lt;') || '</td>'
    || '<td style="border:0;padding:.1vw 0">' || replace(replace(answered_vi, '&', '&amp;'), '<', '&lt;') || '</td></tr>', '' order by turn)
    filter (where turn <= 6) || '</table>', '') as html
from opened;
