-- TimescaleDB Community: the server's own continuous aggregate, compression and retention.
select create_hypertable('observation', by_range('at', interval '1 day'), create_default_indexes => false);
create materialized view observation_1h with (timescaledb.continuous, timescaledb.materialized_only = false) as
  select time_bucket('1 hour', at) as hour, station, parameter,
    avg(value) filter (where flag < 4) as mean,
    min(value) filter (where flag < 4) as low,
    max(value) filter (where flag < 4) as high,
    count(value) filter (where flag < 4) as count
  from observation group by 1, 2, 3
  with no data;
select add_continuous_aggregate_policy('observation_1h', start_offset => interval '3 days', end_offset => interval '1 hour',
  schedule_interval => interval '5 minutes');
alter table observation set (timescaledb.compress, timescaledb.compress_segmentby = 'station, parameter',
  timescaledb.compress_orderby = 'at desc');
select add_compression_policy('observation', interval '14 days');
select add_retention_policy('observation', interval '400 days');

create function forget(today timestamptz) returns void language plpgsql security definer set search_path = phusa, public as $$
begin
  -- observation: add_retention_policy above
  delete from rejected where at < today - (select make_interval(days => days) from retention where relation = 'rejected');
  delete from notification where created_at < today - (select make_interval(days => days) from retention where relation = 'notification');
end $$;

create function maintain(today timestamptz) returns bigint language sql security definer set search_path = phusa, public as $$
  select forget(today);
  select 0::bigint;
$$;

