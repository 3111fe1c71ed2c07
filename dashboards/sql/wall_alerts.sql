-- Cảnh báo đang mở: ở đâu, mức nào, từ bao giờ, đã báo ai, ai đã nhận / open alerts: where, which level, since when, who was told, who has it.
with opened as (
  select o.*, p.address, row_number() over () as turn, count(*) over () as many,
    299 * ('x' || substr(colour, 2, 2))::bit(8)::int + 587 * ('x' || substr(colour, 4, 2))::bit(8)::int
      + 114 * ('x' || substr(colour, 6, 2))::bit(8)::int > 125000 as bright
  from open_alerts_at($__timeTo()) o
  left join lateral (select b.address from playbook b where b.kind = o.kind and b.level <= o.level order by b.level desc limit 1) p on true
)
select '<div style="font:600 1.2vw/1.25 sans-serif;color:#bdc1c6">' || case count(*) when 0 then 'Không có cảnh báo nào đang mở'
    else max(many) || ' cảnh báo đang mở' || case when max(many) > 6 then ', đây là 6 cái nặng nhất' else '' end end || '</div>'
  || coalesce('<table style="width:100%;margin:0;border:0;font:400 1.05vw/1.2 sans-serif;color:#e8eaed">' || string_agg(
    '<tr style="border:0;background:transparent"><td style="border:0;padding:.15vw .4vw .15vw 0"><span style="background:' || colour || ';color:'
    || case when bright then '#111' else '#fff' end || ';padding:0 .3vw;border-radius:.2vw">' || translate(shape || ' '
    || replace(replace(level_vi, '&', '&amp;'), '<', '&lt;'), ' -', chr(160) || chr(8209)) || '</span></td>'
    || '<td style="border:0;padding:.15vw .4vw">' || coalesce('<a style="color:#e8eaed" target="_blank" href="' || address || '">', '')
    || replace(replace(name || ': ' || case when parameter_vi = parameter then kind_vi else parameter_vi end,
      '&', '&amp;'), '<', '&lt;') || case when address is null then '' else '</a>' end || '</td>'
    || '<td style="border:0;padding:.15vw .4vw">' || replace(coalesce(value_vi, '–'), ' ', chr(160)) || '</td>'
    || '<td style="border:0;padding:.15vw .4vw">từ' || chr(160) || replace(to_char(since at time zone 'Asia/Ho_Chi_Minh',
      case when since > $__timeTo()::timestamptz - interval '20 hours' then 'HH24:MI' else 'HH24:MI DD/MM' end), ' ', chr(160)) || '</td>'
    || '<td style="border:0;padding:.15vw 0">' || case when told > 0 then replace(replace(split_part(told_vi, ',', 1), '&', '&amp;'), '<', '&lt;')
      || case when told > 1 then ' +' || told - 1 else '' end || ', nhận' || chr(160) || arrived || '/' || told
      else replace(replace(split_part(told_vi, ':', 1), '&', '&amp;'), '<', '&lt;') end
    || '</td></tr>', '' order by turn)
    filter (where turn <= 6) || '</table>', '') as html
from opened;
