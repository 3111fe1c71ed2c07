-- Windows of what is kept for ever: these tables had keys by place only, and a window read all of them.
set search_path = phusa, public;
-- Of one hour over all parameters: of 15 million rows (three years) that was a scan of 2 to 9 s.
create index derived_at on derived (at);
create index alert_change_when on alert_change (at);
create index notification_created on notification (created_at);
create index place_history_at on place_history (at);
-- Rare among many: what a reservoir let go.
create index derived_release on derived (at) where parameter = 'release_low';
