-- What the tests of quality said of a reading; the reading itself is never changed. No row: GOOD in all of them.
set search_path = phusa, public;

create table quality (
  station text not null,
  parameter text not null,
  at timestamptz not null,
  test text not null,
  flag smallint not null,
  primary key (station, parameter, at, test)
);

-- `flag` is what was known when the reading came; `checked` what is known now, spikes and late neighbours among it.
create view observation_checked as
select o.*, coalesce(q.flag, o.flag) as checked, coalesce(q.tests, '{}') as tests
from observation o
left join lateral (
  select max(flag) as flag, array_agg(test order by test) filter (where flag > 1) as tests
  from quality where station = o.station and parameter = o.parameter and at = o.at
) q on true;

create function forget_quality(today timestamptz) returns void language plpgsql security definer
  set search_path = phusa, public as $$
begin
  delete from quality where at < today - (select make_interval(days => days) from retention where relation = 'quality');
end $$;

insert into retention values ('quality', 400);
