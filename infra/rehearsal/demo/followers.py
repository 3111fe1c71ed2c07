"""What the day's clock waits for: readings, payments, frames and alerts that are under way."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]  # exported at run time only

from connectors.kafka import lag
from infra.rehearsal.demo.stage import PARTS
from infra.rehearsal.demo.steps import Behind
from infra.rehearsal.simulator.truth import Event, ExpectedEnd
from models.envelope.partition import partition_of

CAMERAS_BEHIND = timedelta(minutes=40)
"""No camera may be left behind by more: half of what makes one silent in a day of two minutes."""
TIMEOUT_S = 60.0
"""A broker that takes longer answers nobody; on a core shared by fifty it took over 10 s."""
Db = psycopg.Connection[dict[str, Any]]


class Readings:
    """Every message that was due is stored, rejected or known as a duplicate, and what must be stored is: counted by partition.

    Both, for a bridge that is begun anew may tell some of them twice: an end more, and never a stored value more.
    """

    def __init__(self, db: Db, events: Sequence[Event]) -> None:
        self._db = db
        self._due: dict[int, list[datetime]] = defaultdict(list)
        self._stored: dict[int, list[datetime]] = defaultdict(list)
        for event in sorted(events, key=lambda one: one.send_at):
            partition = partition_of(event.station)
            self._due[partition].append(event.send_at)
            if event.outcome is ExpectedEnd.STORED:
                self._stored[partition].append(event.send_at)

    def behind(self, at: datetime) -> Behind | None:
        """How many messages of how many partitions have no end yet."""
        rows = self._db.execute(
            "SELECT partition, stored + rejected + duplicates AS ended, stored FROM source_offset"
            " WHERE flow = 'telemetry' AND topic = 'readings'"
        )
        found = {row["partition"]: (row["ended"], row["stored"]) for row in rows}
        left = {}
        for one, due in self._due.items():
            ended, stored = found.get(one, (0, 0))
            left[one] = max(bisect_right(due, at) - ended, bisect_right(self._stored[one], at) - stored)
        missing = sum(max(0, one) for one in left.values())
        if not missing:
            return None
        parts = ", ".join(str(one) for one, n in sorted(left.items()) if n > 0)
        return (
            f"{missing} số đo chưa tới kho (phần {parts})",
            f"{missing} readings are not in the store (partitions {parts})",
        )


class Told:
    """Every payment that was due was told and answered."""

    def __init__(self, due: Sequence[datetime], told: Callable[[], int]) -> None:
        """`due` in order; `told` is how many have been answered by now."""
        self._due, self._told = due, told

    def behind(self, at: datetime) -> Behind | None:
        """How many have no answer yet."""
        left = bisect_right(self._due, at) - self._told()
        if left <= 0:
            return None
        return f"{left} lời báo tiền chưa được trả lời", f"{left} tellings of payments have no answer"


class Flow:
    """What stood in a topic when its step ended has been stored by its flow."""

    def __init__(self, db: Db, admin: AdminClient, flow: str, topic: str) -> None:
        self._db, self._admin, self._flow, self._topic = db, admin, flow, topic
        self._at: datetime | None = None
        self._ends: dict[int, int] = {}

    def behind(self, at: datetime) -> Behind | None:
        """How many records are not stored."""
        if self._at != at:
            found = _asked(self._admin, self._topic, OffsetSpec.latest())  # type: ignore[no-untyped-call]
            if found is None:
                return f"Kafka trả lời về {self._topic}", f"Kafka answers about {self._topic}"
            self._ends, self._at = {part: offset for part, (offset, _ms) in found.items()}, at
        rows = self._db.execute(
            "SELECT partition, next_offset FROM source_offset WHERE flow = %s AND topic = %s",
            (self._flow, self._topic),
        )
        places = {row["partition"]: row["next_offset"] for row in rows}
        left = sum(max(0, end - places.get(part, 0)) for part, end in self._ends.items())
        if not left:
            return None
        return f"luồng {self._flow}: còn {left} bản ghi", f"flow {self._flow}: {left} records left"


class Ladder:
    """Whoever has to be called by the end of a step was called. In a play the ladder looks when it is asked to, and at nothing half done."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._at: datetime | None = None

    def behind(self, at: datetime) -> Behind | None:
        """Whether it has looked yet."""
        if self._at != at:
            self._db.execute("UPDATE attended SET wanted = %s", (at,))
            self._db.execute("NOTIFY phusa_outbox")
            self._at = at
        row = self._db.execute("SELECT at FROM attended").fetchone()
        if row is not None and row["at"] is not None and row["at"] >= at:
            return None
        return "thang gọi chưa xem xong", "the ladder has not looked yet"


class Cameras:
    """Every camera that plays a film has sent a frame lately, by the day's clock."""

    def __init__(self, admin: AdminClient, cameras: Sequence[str]) -> None:
        self._admin = admin
        self._parts = {partition_of(camera): camera for camera in cameras}
        self._newest = dict.fromkeys(self._parts, 0)

    def behind(self, at: datetime) -> Behind | None:
        """Which have not."""
        least = (at - CAMERAS_BEHIND).timestamp() * 1000
        if any(one < least for one in self._newest.values()) or not all(self._newest.values()):
            found = _asked(self._admin, "frames", OffsetSpec.max_timestamp())  # type: ignore[no-untyped-call]
            if found is not None:
                self._newest = {part: found.get(part, (0, 0))[1] for part in self._newest}
        late = [self._parts[part] for part, ms in self._newest.items() if ms < least or ms <= 0]
        if not late:
            return None
        return f"khung hình mới của {', '.join(late)}", f"a new frame of {', '.join(late)}"


def _asked(admin: AdminClient, topic: str, what: OffsetSpec) -> dict[int, tuple[int, int]] | None:
    """{partition: (offset, milliseconds)}; None while Kafka does not answer."""
    asked = {TopicPartition(topic, one): what for one in range(PARTS[topic])}
    try:
        found = lag.listed(admin, asked, TIMEOUT_S)
    except KafkaException:
        return None
    return {place.partition: (one.offset, one.timestamp) for place, one in found.items()}
