"""Turn the changes of alerts into notifications for the people concerned.

    alerts ── read ──┬── changes ──> number ── route ── look up ── gather ── group ── code ── word ──> store: alert, alert_change,
    (Kafka)          │                                   events     │ what is news: inhibit, silence,    event, event_code,
                     │                                              └ quiet_day, keep_hours (HOLDS)      notification (outbox)
                     └── refused ──> rejected
    at the start, once what waits has been stored: open alerts that nobody is left to judge ── close ── word ──> store

Between `read` and `store` the stages of `Notifying` run in the store's transaction, which hands them what it knows: so a
message that a sender takes meanwhile is not merged away, and nothing is told twice. The stages are pure
(models/alerting/stages.py), the look-up reads (connectors/timescale/notifications.py), the store only stores.

State: none; the store knows each (alert, seq) and tells a repeated one, and what each contact has heard: news of one
place within minutes is one message, and what is told to nobody is kept with the reason (models/alerting/grouping.py).
What goes on at a place is one event, which people answer by a code of their own (models/alerting/gather.py, codes.py).
Delivery: the store exactly once; one transaction holds a change, its notifications and the offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow

from models.alerting.closing import after_closing, closing_rows, closings
from models.alerting.codes import give_codes
from models.alerting.gather import gather, inhibiting
from models.alerting.holding import Scene, held_back, inhibit, keep_hours, quiet_day, silence
from models.alerting.intake import Intake, read_changes
from models.alerting.outbox import Closed
from models.alerting.places import place_of
from models.alerting.stages import group, route, word
from models.envelope.rejected import for_topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record
    from models.alerting.alert import AlertChange
    from models.alerting.around import Around
    from models.alerting.gather import Gathering
    from models.alerting.outbox import Arrived, Lookup, Outgoing, Routed, Stages
    from models.alerting.stage import Hold
    from models.alerting.stages import Keep
    from models.commune.configuration import Commune, Contact
    from models.envelope.batch import RawBatch

Item = tuple[str, Intake]


HOLDS = (inhibit, silence, quiet_day, keep_hours)
"""What holds back news that a contact would be told, in this order: the first that does so is the reason. Level 3 is asked of none."""


class Notifying:
    """The stages between reading and storing, in their order; `store` is what the look-ups ask.

    `interval_s`: seconds within which news of one place is one message. `patterns`: by channel, how a message of it is answered.
    `clock`: the platform's time; none: that of the senders.
    """

    def __init__(
        self,
        commune: Commune,
        interval_s: float = 300.0,
        patterns: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._commune, self._interval_s = commune, interval_s
        self._patterns, self._clock = patterns or {}, clock
        self._people = {contact.id: contact for contact in commune.contacts}

    def number(self, changes: Sequence[AlertChange], store: Lookup) -> list[AlertChange]:
        """The changes as they are stored: what goes on after a closing by name is numbered behind it."""
        alerts = sorted({change.alert for change in changes})
        return after_closing(changes, store.closed_before(alerts) if alerts else [])

    def notify(self, arrived: Sequence[Arrived], store: Lookup, now: datetime, head: str = "") -> Outgoing:
        """What the store writes into the outbox for changes that it did not have; `head` stands in front of every text."""
        at = self._clock() if self._clock else now
        routed = route(arrived, self._commune, at)
        # [Routed(change=AlertChange(...), place="water:ven-song", contacts=[Contact("head"), Contact("room")])]

        around = self._around([each.change for each in routed], store, at, routed)
        # Around(events=[Event("water:ven-song@1761955200000")], standing=[...], codes=[...], silences=[...])

        gathering = gather([each.change for each in routed], around, self._commune, at)
        # Gathering(views=[View(event=Event(level=2), inhibitors=(...))], events=[Event(level=2)], alerts={"river:...": "water:..."})

        known = store.look_up(routed)
        # Known(earlier=[Earlier(contact="head", state="pending", shown=["rain:..."])], changes={"rain:...": {1: ...}})

        keep = self._keeping(gathering, around, at, now)
        grouping = group(routed, known, now, self._interval_s, gathering, keep, self._people)
        # Grouping(news=[Grouped(decision=Decision(at=..., shown=[river, rain], absorbs="3f0c..."))], done=[])

        codes, new_codes = give_codes(grouping, around.codes, at)
        # {("head", "water:ven-song@1761955200000"): 12}

        outgoing = word(grouping, self._commune, codes, self._patterns, head)
        # Outgoing(rows=[OutboxRow(Notification(sms_text="CANH BAO LU: ..."))], merged=[Merged("3f0c...")], done=[])

        return msgspec.structs.replace(
            outgoing, events=gathering.events, alerts=gathering.alerts, codes=new_codes
        )

    def close(self, store: Lookup, at: datetime, now: datetime) -> Closed:
        """What the store writes for open alerts that nobody is left to judge."""
        closing = closings(store.open_alerts(), self._commune, at)
        # [Closing(changes=[AlertChange(change="clear", evidence=["đóng vì luật không còn"])])]

        changes = [change for each in closing for change in each.changes]
        heard = store.heard([change.alert for change in changes])
        # {"river-phu-oc:...": {"head", "room"}}

        gathering = gather(changes, self._around(changes, store, at), self._commune, at)
        # Gathering(events=[Event(level=0, closed_at=...)])

        rows = closing_rows(closing, heard, self._commune, now, gathering.alerts)
        return Closed(changes, rows, gathering.events)

    def _around(
        self, changes: Sequence[AlertChange], store: Lookup, at: datetime, routed: Sequence[Routed] = ()
    ) -> Around:
        """What went on before the changes."""
        places = sorted({place_of(change, self._commune) for change in changes})
        contacts = sorted({contact.id for each in routed for contact in each.contacts})
        return store.around(changes, places, contacts, inhibiting(self._commune), at)

    def _keeping(self, gathering: Gathering, around: Around, at: datetime, now: datetime) -> Keep:
        """What holds news back once the i-th change is in."""
        silences = tuple(around.silences)

        def keep(i: int, change: AlertChange, contact: Contact) -> Hold | None:
            scene = Scene(self._commune, at, now, gathering.views[i].inhibitors, silences)
            return held_back(change, contact, scene, HOLDS)

        return keep


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
    from connectors.kafka.asking import insist
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import KafkaSource, KafkaSourceSettings
    from connectors.settings import settings
    from connectors.timescale.alerts import AlertSink
    from connectors.timescale.closing import ClosingSink
    from connectors.ways import answer_patterns

    own = settings()
    dsn, commune = own.dsn("writer"), load(own.commune)
    now = clock.from_setting(own.clock) or clock.system
    ends = insist(lambda: lag.ends(own.bootstrap, ["alerts"]))["alerts"]
    return build(
        KafkaSource(KafkaSourceSettings(own.bootstrap, "alerts", "phusa-alerts")),
        Notifying(commune, own.group_interval_s, answer_patterns(own), now),
        lambda stages: ClosingSink(AlertSink(dsn, stages), dsn, stages, ends, now),
        KafkaSink(KafkaSinkSettings(own.bootstrap, "rejected"), encode_rejected),
    )
