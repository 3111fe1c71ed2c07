"""Turn the changes of alerts into notifications for the people concerned.

    alerts ── read ──┬── changes ──> number ── route ── look up ── group ── word ──> store: alert, alert_change,
    (Kafka)          │                                                               notification (outbox)
                     └── refused ──> rejected
    at the start, once what waits has been stored: open alerts that nobody is left to judge ── close ── word ──> store

Between `read` and `store` the stages of `Notifying` run in the store's transaction, which hands them what it knows: so a
message that a sender takes meanwhile is not merged away, and nothing is told twice. The stages are pure
(models/alerting/stages.py), the look-up reads (connectors/timescale/notifications.py), the store only stores.

State: none; the store knows each (alert, seq) and tells a repeated one, and what each contact has heard: news of one
place within minutes is one message, and what is told to nobody is kept with the reason (models/alerting/grouping.py).
Delivery: the store exactly once; one transaction holds a change, its notifications and the offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow

from models.alerting.closing import after_closing, closing_rows, closings
from models.alerting.intake import Intake, read_changes
from models.alerting.outbox import Closed
from models.alerting.stages import group, route, word
from models.envelope.rejected import for_topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record
    from models.alerting.alert import AlertChange
    from models.alerting.outbox import Arrived, Lookup, Outgoing, Stages
    from models.commune.configuration import Commune
    from models.envelope.batch import RawBatch

Item = tuple[str, Intake]


class Notifying:
    """The stages between reading and storing, in their order; `store` is what the look-ups ask.

    `interval_s`: seconds within which news of one place is one message.
    """

    def __init__(self, commune: Commune, interval_s: float = 300.0) -> None:
        self._commune, self._interval_s = commune, interval_s

    def number(self, changes: Sequence[AlertChange], store: Lookup) -> list[AlertChange]:
        """The changes as they are stored: what goes on after a closing by name is numbered behind it."""
        alerts = sorted({change.alert for change in changes})
        return after_closing(changes, store.closed_before(alerts) if alerts else [])

    def notify(self, arrived: Sequence[Arrived], store: Lookup, now: datetime) -> Outgoing:
        """What the store writes into the outbox for changes that it did not have."""
        routed = route(arrived, self._commune)
        # [Routed(change=AlertChange(...), place="water:ven-song", contacts=[Contact("head"), Contact("room")])]

        known = store.look_up(routed)
        # Known(earlier=[Earlier(contact="head", state="pending", shown=["rain:..."])], changes={"rain:...": {1: ...}})

        grouping = group(routed, known, now, self._interval_s)
        # Grouping(news=[Grouped(decision=Decision(at=..., shown=[river, rain], absorbs="3f0c..."))], done=[])

        return word(grouping, self._commune)
        # Outgoing(rows=[OutboxRow(Notification(sms_text="CANH BAO LU: ..."))], merged=[Merged("3f0c...")], done=[])

    def close(self, store: Lookup, at: datetime, now: datetime) -> Closed:
        """What the store writes for open alerts that nobody is left to judge."""
        closing = closings(store.open_alerts(), self._commune, at)
        # [Closing(changes=[AlertChange(change="clear", evidence=["đóng vì luật không còn"])])]

        changes = [change for each in closing for change in each.changes]
        heard = store.heard([change.alert for change in changes])
        # {"river-phu-oc:...": {"head", "room"}}

        return Closed(changes, closing_rows(closing, heard, self._commune, now))


def build(
    alerts: Source[tuple[str, RawBatch]],
    stages: Stages,
    store: Callable[[Stages], Sink[Item]],
    rejected: Sink[Item],
) -> Dataflow:
    """Wire the picture above; the caller chooses what stands at its ends. `store` is a sink that calls the stages."""
    flow = Dataflow("alerts")

    raw = op.input("alerts", flow, alerts)
    # ("1", RawBatch(values=[b'{"alert":"river-phu-oc:phu-oc:...","change":"raise",...}']))

    intake = op.map_value("read", raw, read_changes)
    # ("1", Intake(changes=[AlertChange(...)], rejected=[]))

    op.output("store", intake, store(stages))
    op.output("rejected", intake, rejected)

    return flow


_encode = msgspec.json.Encoder().encode


def encode_rejected(intake: Intake) -> Iterable[Record]:
    """One record a refused message, under its own key."""
    return [(refused.key, _encode(for_topic(refused))) for refused in intake.rejected]


def production() -> Dataflow:
    """Plug in the real ends. Start: phusa run alerts."""
    from connectors import clock
    from connectors.commune import load
    from connectors.kafka import lag
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import KafkaSource, KafkaSourceSettings
    from connectors.settings import settings
    from connectors.timescale.alerts import AlertSink
    from connectors.timescale.closing import ClosingSink

    own = settings()
    dsn, commune = own.dsn("writer"), load(own.commune)
    now = clock.from_setting(own.clock) or clock.system
    ends = lag.ends(own.bootstrap, ["alerts"])["alerts"]
    return build(
        KafkaSource(KafkaSourceSettings(own.bootstrap, "alerts", "phusa-alerts")),
        Notifying(commune, own.group_interval_s),
        lambda stages: ClosingSink(AlertSink(dsn, stages), dsn, stages, ends, now),
        KafkaSink(KafkaSinkSettings(own.bootstrap, "rejected"), encode_rejected),
    )
