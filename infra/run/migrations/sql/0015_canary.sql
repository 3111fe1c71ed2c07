-- The canary: a marked reading that goes the whole way each minute, and how old the newest is that came through.
set search_path = phusa, public;

create table canary (sent_at timestamptz primary key, seen_at timestamptz not null);

-- How old the canary was as of `t`: good up to 2 minutes, late from 3 on (models/alerting/canary.py: a test holds them equal). Never seen
-- is not known, and never good.
create function canary_at(t timestamptz) returns table (age_s float8, sent_at timestamptz, state text, vi text, en text)
language sql stable parallel safe as $$
  select a.age_s, c.sent_at,
    case when a.age_s is null then 'silent' when a.age_s <= 120 then 'normal' when a.age_s <= 180 then 'watch' else 'warning' end,
    case when a.age_s is null then 'Tin thử chưa từng đi hết đường'
      when a.age_s <= 120 then 'Tin thử đi hết đường ' || phusa.ago(c.sent_at, t)
      when a.age_s <= 180 then 'Tin thử chậm: đi hết đường ' || phusa.ago(c.sent_at, t)
      else 'TIN THỬ TRỄ: ' || phusa.span_vi(a.age_s) || ' chưa đi hết đường' end,
    case when a.age_s is null then 'The canary never came through'
      when a.age_s < 60 then 'The canary came through just now'
      when a.age_s <= 120 then 'The canary came through 1 min ago'
      when a.age_s <= 180 then 'The canary is slow: 2 min ago'
      else 'CANARY LATE: ' || floor(a.age_s / 60)::bigint || ' min since it came through' end
  from (select 1) one
  left join lateral (select k.sent_at from phusa.canary k where k.seen_at <= t and k.sent_at <= t order by k.sent_at desc limit 1) c on true
  cross join lateral (select extract(epoch from t - c.sent_at)::float8 as age_s) a
$$;
