-- Who may do what; set anew after every migration, so that a new table is never forgotten.
grant usage on schema phusa to phusa_admin, phusa_writer, phusa_reader;
grant all on all tables in schema phusa to phusa_admin;
grant select, insert, update, delete on all tables in schema phusa to phusa_writer;
grant execute on all functions in schema phusa to phusa_admin, phusa_writer;
grant select on all tables in schema phusa to phusa_reader;
-- Functions that only read; those that write are `security definer` and stay with the writer.
grant execute on function phusa.canary_at, phusa.places_at, phusa.apart_at, phusa.untaught_at, phusa.open_alerts_at, phusa.nobody_at, phusa.answered_vi, phusa.ladder_at, phusa.ago, phusa.span_vi, phusa.figure_vi, phusa.value_vi,
  phusa.clock_vi to phusa_reader;
-- What Grafana and notebooks must not read: bytes that could hold anything, texts to persons.
revoke select on phusa.rejected, phusa.notification, phusa.attempt, phusa.payment_sealed from phusa_reader;
grant select (topic, partition, "offset", at, source, reason, vi, en, replayed_at) on phusa.rejected to phusa_reader;
grant select (id, alert, seq, contact, kind, level, channels, channel, sms_text, state, attempts, next_at, created_at,
  claimed_at, sent_at, delivered_at, price_vnd, reason, place, stage, merged_into, shown, seqs, event, step, exercise) on phusa.notification to phusa_reader;
grant select (notification, n, channel, started_at, finished_at, answer, code, reason) on phusa.attempt to phusa_reader;
