"""Turn the changes of alerts into notifications for the people concerned.

    alerts ── read ──┬── changes ──> store: alert, alert_change, notification (outbox)
    (Kafka)          └── refused ──> rejected
At the start, once what waits has been stored: open alerts that nobody is left to judge are closed by name.

State: none; the store knows each (alert, seq) and tells a repeated one, and what each contact has been told: news of one
place within minutes is one message, and what is told to nobody is kept with the reason (models/alerting/grouping.py).
Delivery: the store exactly once; one transaction holds a change, its notifications and the offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow

from models.alerting.intake import Intake, read_changes
from models.envelope.rejected import for_topic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record
    from models.envelope.batch import RawBatch

Item = tuple[str, Intake]


def build(alerts: Source[tuple[str, RawBatch]], store: Sink[Item], rejected: Sink[Item]) -> Dataflow:
    """Wire the picture above; the caller chooses what stands at its ends."""
    flow = Dataflow("alerts")

    raw = op.input("alerts", flow, alerts)
    # ("1", RawBatch(values=[b'{"alert":"river-phu-oc:phu-oc:...","change":"raise",...}']))

    intake = op.map_value("read", raw, read_changes)
    # ("1", Intake(changes=[AlertChange(...)], rejected=[]))

    op.output("store", intake, store)
    op.output("rejected", intake, rejected)

    return flow


_encode = msgspec.json.Encoder().encode


def encode_rejected(intake: Intake) -> Iterable[Record]:
    """One record a refused message, under its own key."""
    return [(one.key, _encode(for_topic(one))) for one in intake.rejected]


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
    return build(
        KafkaSource(KafkaSourceSettings(own.bootstrap, "alerts", "phusa-alerts")),
        ClosingSink(
            AlertSink(dsn, commune, own.group_interval_s),
            dsn,
            commune,
            lag.ends(own.bootstrap, ["alerts"])["alerts"],
            now,
        ),
        KafkaSink(KafkaSinkSettings(own.bootstrap, "rejected"), encode_rejected),
    )
