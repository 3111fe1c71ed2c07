-- Mọi nơi, xấu trước, mỗi nơi một câu; bình thường thì xám / all places, the worst first, one sentence each; grey while all is well.
with apart as (select * from apart_at($__timeTo()::timestamptz)),
-- Above all in red: what nobody takes, at most two by name, and the numbers to ring; with the lines that it fills.
nobody as (select n.*, row_number() over () as turn, count(*) over () as many from nobody_at($__timeTo()::timestamptz) n),
untaken as (
  select title, min(turn) as turn, max(ring) as ring, sum(length(name) + 11) + case when max(many) > 2 then 14 else 0 end as letters,
    string_agg(replace(replace(name, '&', '&amp;'), '<', '&lt;') || ' từ' || chr(160) || to_char(since at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI')
      || case when turn = 2 and many > 2 then ' và ' || many - 2 || ' nơi nữa' else '' end, '; ' order by turn) as html
  from nobody where turn <= 2 group by title
),
band as (
  select coalesce(sum(ceil((length(title) + letters) / 42.0)) + max(ceil((length(ring) + 5) / 42.0)), 0) as lines,
    '<div style="margin:0 0 .4vw 0;padding:0 .6vw;background:' || (select colour from state where known order by rank limit 1) || ';color:#fff">'
    || string_agg('<div>' || replace(replace(title, '&', '&amp;'), '<', '&lt;') || ': ' || html || '</div>', '' order by turn)
    || coalesce('<div>GỌI: ' || replace(replace(nullif(max(ring), ''), '&', '&amp;'), '<', '&lt;') || '</div>', '') || '</div>' as html
  from untaken
),
-- What cannot be known yet fills no line each: one for all, at most three by name.
uncounted as (
  select count(*) as many, string_agg(html, ' · ' order by why desc) as html from (
    select a.why, '? ' || count(distinct a.camera) || case a.why when 'untaught' then ' camera chưa dạy' when 'unsure' then ' camera không rõ nước' else ' camera chưa có hình' end
      || case when count(distinct a.camera) <= 3 then ': ' || string_agg(distinct replace(replace(coalesce(c.name, a.camera), '&', '&amp;'), '<', '&lt;'), ', ') else '' end as html
    from apart a left join camera c on c.id = a.camera group by a.why) each
),
placed as (
  select p.*, said.vi as told, rank = (select max(rank) from state) as calm, row_number() over turn as turn,
    -- Some 42 letters of 44 px stand in a line where letters are wide (DejaVu; 50 of Arial), and 12.9 lines on the panel; what has no
    -- room, and what cannot be known, are counted below in two small lines each, 1.15 of the large.
    sum(ceil((length(said.vi) + 1.3 * length(state_vi) + 5) / 42.0) + 0.15) over turn as lines,
    sum(ceil((length(said.vi) + 1.3 * length(state_vi) + 5) / 42.0) + 0.15) over () + 1.15 * sign((select many from uncounted)) as all_lines,
    299 * ('x' || substr(colour, 2, 2))::bit(8)::int + 587 * ('x' || substr(colour, 4, 2))::bit(8)::int
      + 114 * ('x' || substr(colour, 6, 2))::bit(8)::int > 125000 as bright
  from places_at($__timeTo()) p
  -- The word of the state stands before the sentence: once is enough.
  cross join lateral (select replace(p.vi, ' ' || p.state_vi, '') as vi) said
  where not exists (select from apart a where p.kind = 'zone' and a.place = p.place)
  window turn as (order by rank, since nulls last, kind, place rows unbounded preceding)
),
shown as (
  select * from placed
  where turn = 1 or lines <= case when all_lines + (select lines from band) <= 12.9 then 12.9 else 11.75 end - (select lines from band) - 1.15 * sign((select many from uncounted))
),
others as (
  select sum(many) as many, string_agg(case when sum <= 4 then shape || ' ' || state_vi || ': ' || names else many || ' ' || state_vi end,
    case when sum <= 4 then '; ' else ', ' end order by rank) as html
  from (
    select rank, shape, state_vi, count(*) as many, sum(count(*)) over () as sum, string_agg(replace(replace(name, '&', '&amp;'), '<', '&lt;'), ', ' order by turn) as names
    from placed p where not exists (select from shown s where s.turn = p.turn) group by 1, 2, 3
  ) each
)
select '<div style="font:500 2.3vw/1.15 sans-serif;color:#e8eaed">' || coalesce((select html from band), '') || coalesce(string_agg(
    case when calm then '<div style="margin:0 0 .4vw 0;color:#9aa0a6">' || shape || ' ' || state_vi || ' · '
      else '<div style="margin:0 0 .4vw 0"><span style="background:' || case when known then colour
          else 'repeating-linear-gradient(45deg,' || colour || ' 0,' || colour || ' .5vw,#b4b4b4 .5vw,#b4b4b4 1vw)' end
        || ';color:' || case when bright then '#111' else '#fff' end || ';padding:0 .5vw;border-radius:.3vw">' || shape || ' ' || state_vi || '</span> ' end
      || replace(replace(told, '&', '&amp;'), '<', '&lt;') || '</div>', '' order by turn), case when (select many from uncounted) = 0 then 'Chưa có nơi nào được khai báo.' else '' end)
  || coalesce((select '<div style="font:500 1.3vw/1.15 sans-serif;color:#9aa0a6">' || case when many > 4 then 'và ' || many || ' nơi khác: ' else '' end || html || '</div>' from others where many > 0), '')
  || coalesce((select '<div style="font:500 1.3vw/1.15 sans-serif;color:#c4c4c4">' || html || '</div>' from uncounted), '')
  || '</div>' as html
from shown;
