-- Tin thử đi hết đường bao lâu rồi / how long ago the canary went the whole way.
select vi as "Tin thử" from canary_at($__timeTo()::timestamptz);
