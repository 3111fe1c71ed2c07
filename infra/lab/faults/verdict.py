"""What must stand in the store after all kills, from what was sent; pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from models.alerting.alert import AlertChange
from models.alerting.routing import notifications
from models.catalogue.kinds import SILENCE, UNTRUSTED
from models.commune.configuration import Average
from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.places.report import picked
from models.places.scene import scene
from models.places.witnesses import Memory, hear
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from models.telemetry.ways import OUTAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.commune.configuration import Commune


@dataclass(frozen=True, slots=True)
class Expected:
    """Natural keys of what must be there once: readings, changes of alerts, notifications.

    A notification is there whether it is a message of its own, merged into another or muted by name: which of these
    depends on when a sender lives; that it is one of them does not.
    """

    readings: set[tuple[str, str, float]]
    changes: set[tuple[str, int]]
    notifications: set[str]


def left_out(commune: Commune) -> set[str]:
    """What an outage may bear on: silence, the outage itself, doubt of a sensor, and means of hours that were over before all readings had come.

    Readings that an outage has held back for longer than LATE_MS raise no doubt (models/telemetry/consequence.py): at the trial's speed a broker that is
    away for 4 s is enough. What was expected is judged as if all had come when it was sent.
    """
    return {SILENCE, UNTRUSTED, OUTAGE, *(rule.id for rule in commune.rules if rule.average is Average.HOUR)}


def expected(commune: Commune, sent: list[tuple[str, bytes, int]]) -> Expected:
    """Judge and hear what was sent, without any fault."""
    rules, shards = plan(commune), dict[int, Shard]()
    readings: set[tuple[str, str, float]] = set()
    changes: list[AlertChange] = []
    witnesses, memory = scene(commune), Memory()
    for i, (station, payload, arrived_ms) in enumerate(sent):
        partition = partition_of(station)
        batch = RawBatch("readings", partition, [i], [payload], [station.encode()], [arrived_ms], i + 1)
        judged = judge(rules, shards.setdefault(partition, {}), batch)
        readings |= {
            (observation.source, observation.parameter, round(observation.at.timestamp(), 6))
            for observation in judged.observations
        }
        changes += judged.changes
        changes += hear(witnesses, memory, picked(witnesses, judged)).changes
    out = left_out(commune)
    changes = [change for change in changes if change.rule not in out]
    peaks: dict[str, int] = {}
    messages: set[str] = set()
    for change in changes:
        peaks[change.alert] = max(change.level, peaks.get(change.alert, 0))
        messages |= {notification.id for notification in notifications(change, commune, peaks[change.alert])}
    return Expected(readings, {(change.alert, change.seq) for change in changes}, messages)


@dataclass(frozen=True, slots=True)
class Kept:
    """A notification as it stands in the outbox: sent, merged into another, or muted by name."""

    id: str
    state: str
    stage: str | None
    merged_into: str | None


def unaccounted(kept: Iterable[Kept]) -> list[str]:
    """Notifications that are neither a message nor muted by name, nor merged into one that is."""
    by_id = {one.id: one for one in kept}

    def named(kept: Kept | None) -> bool:
        seen = set[str]()
        while kept is not None and kept.state == "merged":
            if kept.id in seen or kept.stage != "merged" or kept.merged_into is None:
                return False
            seen.add(kept.id)
            kept = by_id.get(kept.merged_into)
        return kept is not None and (kept.state != "muted" or kept.stage is not None)

    return sorted(one.id for one in by_id.values() if not named(one))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many of a kind were expected, are missing, are there more than once, or were never expected."""

    expected: int
    missing: int
    repeated: int
    unexpected: int

    @property
    def exactly_once(self) -> bool:
        """Nothing missing, nothing twice, nothing invented."""
        return self.missing == self.repeated == self.unexpected == 0


K = TypeVar("K")


def compare(wanted: set[K], found: Iterable[K]) -> Comparison:
    """Hold what was found against what was wanted."""
    counts = Counter(found)
    return Comparison(
        len(wanted),
        len(wanted - counts.keys()),
        sum(count - 1 for count in counts.values()),
        len(counts.keys() - wanted),
    )
