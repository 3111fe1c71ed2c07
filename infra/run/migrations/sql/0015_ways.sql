-- Messages by more ways: what each attempt cost, and a look-up by the gateway's own id for those that tell no other.
set search_path = phusa, public;

alter table attempt add column price_vnd int;
create index attempt_message on attempt (channel, message) where message is not null;
-- What was told of the price before there was a column for each attempt: it is that of the last one that was taken.
update attempt a set price_vnd = n.price_vnd from notification n
where n.id = a.notification and n.price_vnd is not null and n.channel = a.channel and a.n = (
  select max(o.n) from attempt o where o.notification = n.id and o.channel = n.channel and o.answer in ('sent', 'doubt'));
