-- Camera không thấy gì, vì sao, từ lúc nào; các camera còn lại đếm chung / cameras that do not see, why, since when; the others counted.
with chosen as (
  select c.*, (select max(p.datum_at) from places_at($__timeTo()::timestamptz) p where p.kind = 'zone' and p.camera = c.id) as seen
  from camera c where ('*' in ($hamlet) or c.hamlets && array[$hamlet]) and ('*' in ($camera) or c.id in ($camera))
), ill as (
  select distinct on (c.id) c.id, c.name, s.shape || ' ' || s.vi as word, s.rank, a.raised_at, k.vi as kind, c.seen,
    (select string_agg(e ->> 'vi', '; ') from jsonb_array_elements(coalesce(n.evidence, '[]')) e) as why
  from chosen c
  join real_alert a on a.station = c.id and a.raised_at <= $__timeTo() and (a.cleared_at is null or a.cleared_at > $__timeTo())
  join alert_kind k on k.code = a.kind
  join state s on s.code = k.state and not s.known
  left join lateral (
    select x.evidence from alert_change x where x.alert = a.alert and x.at <= $__timeTo() and x.evidence is not null order by x.seq desc limit 1
  ) n on true
  -- What has never sent anything is counted below, unless it sends what shows nothing.
  where c.seen is not null or n.evidence is not null
  order by c.id, s.rank, a.raised_at
), others as (
  select case when seen is null then 'chưa có hình' when seen > $__timeTo()::timestamptz - make_interval(secs => silent_after_s) then 'đang thấy' else 'không rõ' end as word,
    count(*) as many, max(seen) as seen
  from chosen where id not in (select id from ill) group by 1
)
select q.name as "Camera", q.word as "Tình trạng", q.why as "Vì sao", q.since as "Từ lúc", q.seen as "Hình cuối"
from (
  select name, word, rank, concat_ws(': ', kind, why) as why, clock_vi(raised_at, $__timeTo()::timestamptz) as since, ago(seen, $__timeTo()::timestamptz) as seen from ill
  union all
  select many || ' camera', word, case word when 'đang thấy' then 999 else 900 end, case word when 'chưa có hình' then 'chưa gửi hình lần nào' else '–' end, '–',
    case when seen is null then '–' else ago(seen, $__timeTo()::timestamptz) end from others
) q
order by q.rank, q.name;
