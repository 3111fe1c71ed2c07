-- New chunks hold a week: of three years of days there were 1,100, and a question that may concern each of them is planned
-- for each of them. Those of before stay days until they are forgotten.
select set_chunk_time_interval('phusa.observation', interval '7 days');
