-- Cảnh báo đang mở: ở đâu, mức nào, từ bao giờ, đã báo mấy người, ai đi / open alerts: where, which level, since when, how many were told, who goes.
with told as (
  select o.*, p.address, o.name || ': ' || case when o.parameter_vi = o.parameter then o.kind_vi else o.parameter_vi end as what,
    -- How many were told, and the first word on it: who goes, who needs help, or that nobody has answered.
    case when o.told > 0 then 'báo ' || o.told || ', ' || coalesce(nullif(regexp_replace(split_part(o.answered_vi, ';', 1), ' lúc .*$', ''), ''), '–')
      else split_part(o.told_vi, ':', 1) end as who,
    row_number() over () as turn, count(*) over () as many,
    299 * ('x' || substr(colour, 2, 2))::bit(8)::int + 587 * ('x' || substr(colour, 4, 2))::bit(8)::int
      + 114 * ('x' || substr(colour, 6, 2))::bit(8)::int > 125000 as bright
  from open_alerts_at($__timeTo()) o
  left join lateral (select b.address from playbook b where b.kind = o.kind and b.level <= o.level order by b.level desc limit 1) p on true
),
-- Six rows, or as many as have room: some 30 letters of what it is stand in a line, eight lines on the panel.
opened as (
  select *, turn <= 6 and sum(ceil(length(what) / 30.0)) over (order by turn) <= 8 or turn = 1 as shown from told
)
select '<div style="font:600 1.2vw/1.25 sans-serif;color:#bdc1c6">' || case count(*) when 0 then 'Không có cảnh báo nào đang mở'
    else max(many) || ' cảnh báo đang mở' || case when max(many) > count(*) filter (where shown) then ', đây là ' || count(*) filter (where shown) || ' cái nặng nhất' else '' end end || '</div>'
  || coalesce('<table style="width:100%;margin:0;border:0;font:400 .95vw/1.2 sans-serif;color:#e8eaed">' || string_agg(
    '<tr style="border:0;background:transparent"><td style="border:0;padding:.15vw .3vw .15vw 0"><span style="background:' || colour || ';color:'
    || case when bright then '#111' else '#fff' end || ';padding:0 .3vw;border-radius:.2vw">' || translate(shape || ' '
    || replace(replace(level_vi, '&', '&amp;'), '<', '&lt;'), ' -', chr(160) || chr(8209)) || '</span></td>'
    || '<td style="border:0;padding:.15vw .3vw">' || coalesce('<a style="color:#e8eaed" target="_blank" href="' || address || '">', '')
    || replace(replace(what, '&', '&amp;'), '<', '&lt;')
    || case when address is null then '' else '</a>' end || '</td>'
    || '<td style="border:0;padding:.15vw .3vw">' || replace(coalesce(value_vi, '–'), ' ', chr(160)) || '</td>'
    || '<td style="border:0;padding:.15vw .3vw">từ' || chr(160) || replace(to_char(since at time zone 'Asia/Ho_Chi_Minh',
      case when since > $__timeTo()::timestamptz - interval '20 hours' then 'HH24:MI' else 'HH24:MI DD/MM' end), ' ', chr(160)) || '</td>'
    || '<td style="border:0;padding:.15vw 0">' || replace(replace(replace(case when length(who) > 34 then left(who, 33) || '…' else who end,
      '&', '&amp;'), '<', '&lt;'), ' ', chr(160))
    || '</td></tr>', '' order by turn)
    filter (where shown) || '</table>', '') as html
from opened;
