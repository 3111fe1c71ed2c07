"""A notification in the hands of the sender, as one row of the outbox."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Claimed(msgspec.Struct, frozen=True):
    """A notification that this sender holds; `tries` counts the attempts made on its channel.

    `state` is the one before it was claimed. `last` is the last noted answer, `asked` whether an
    attempt was begun whose answer is not noted; `failed` is what a receipt said went wrong. `rises`: it
    tells that something got worse, or calls somebody. `created_at`: what was put off is as old as from when it was due.
    `event_number` is of the event whose phone page it may lead to; a reply leads nowhere. `simulated`: it is of a drill that stops before
    the gateways.
    """

    notification: str
    alert: str
    contact: str
    kind: str
    level: int
    channel: str
    channels: list[str]
    tries: int
    created_at: datetime
    sms_text: str
    template_id: str
    template_data: dict[str, str]
    state: str
    last: str | None
    asked: bool
    failed: str
    rises: bool
    event_number: int | None = None
    simulated: bool = False


# Of the row as it was: `before` is locked by the caller's selection.
COLUMNS = """n.id as notification, n.alert, n.contact, n.kind, n.level, n.channel, n.channels, greatest(n.created_at, n.held_until) as created_at,
  n.sms_text, n.template_id, n.template_data, before.state,
  (select count(*) from attempt a where a.notification = n.id and a.channel = n.channel) as tries,
  (select a.answer from attempt a where a.notification = n.id and a.channel = n.channel and a.answer is not null
    order by a.n desc limit 1) as last,
  exists (select from attempt a where a.notification = n.id and a.finished_at is null) as asked,
  coalesce(n.failed, '') as failed,
  coalesce(n.step in ('call', 'repeat'), false) or n.step is distinct from 'reply' and coalesce((
    select c.level > c.previous from alert_change c where c.alert = n.alert and c.seq = n.seq), n.level > 0) as rises,
  (select e.number from event e where e.id = n.event and n.step is distinct from 'reply') as event_number,
  not goes_out(n.exercise, case when starts_with(n.alert, 'drill-') then n.alert else n.event end, n.contact) as simulated"""
