-- The sender's own looks into the outbox, so that each costs the same whether ten or ten thousand messages wait.
set search_path = phusa, public;

-- Claimed worst level first, by way.
create index notification_worst on notification (channel, level desc, next_at, seq) where state = 'pending';
-- Too old to be sent; tried before and perhaps overtaken.
create index notification_oldest on notification (greatest(created_at, held_until)) where state = 'pending';
create index notification_tried on notification (channel) where state = 'pending' and attempts > 0;
