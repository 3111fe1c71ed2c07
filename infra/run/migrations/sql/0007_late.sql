-- Late readings: what was reckoned anew, and the history of levels in event time.
create table revision (
  id bigint generated always as identity primary key,
  revised_at timestamptz not null default clock_timestamp(),
  station text not null,
  parameter text not null,
  at timestamptz not null,
  value double precision not null,
  flag smallint not null,
  count integer not null
);
comment on table revision is 'Giá trị tính ra đã được tính lại vì số liệu đến muộn: trước đó là gì (a derived value before it was reckoned anew)';
create index revision_of on revision (station, parameter, at);

create table level_history (
  at timestamptz not null,
  station text not null,
  parameter text not null,
  rule text not null,
  level smallint not null,
  value double precision not null,
  primary key (station, rule, parameter, at)
);
comment on table level_history is 'Cấp của từng luật theo thời gian đo, dù số liệu đến lúc nào (the level of each rule in event time)';
