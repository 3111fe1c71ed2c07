"""What one partition of a flow says to those who judge several sources together: a record of the topic `testimony`.

    Judged (telemetry) ─┬─ Reporter ──> PartitionReport ──> testimony ──> flow places
    JudgedFrames (cameras) ─────┘
One record holds all that one batch says: readings of witnesses, sums of rain, levels of a rule, doubts and withdrawals hang together and
are only right together, so they do not travel one by one on `observations`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Kind
from models.catalogue.derived import RAIN
from models.envelope.reading import SCHEMA_VERSION, Flag, Observation
from models.places.scene import FLOODED
from models.telemetry.batch import Derived, Doubt, LevelRow, Withdrawn

if TYPE_CHECKING:
    from models.cameras.batch import JudgedFrames
    from models.places.scene import Scene
    from models.telemetry.batch import Judged

TELEMETRY, CAMERAS = "telemetry", "cameras"
PROGRESS_MS = 1000
"""A partition that says nothing tells so often (by arrival) how far it is: others are not kept waiting for longer."""


class PartitionReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one batch of a partition says of places, neighbours and the link.

    `topic`, `partition`, `next_offset` and `read` are those of the batch at its flow; `now_ms` is when the last of it came. All that
    came until `complete_ms` has been judged (0: the batch does not say). `heard`: when each station was heard last (ms).
    """

    v: int
    source: str
    topic: str
    partition: int
    next_offset: int
    read: int
    now_ms: int
    complete_ms: int = 0
    late: bool = False
    observations: list[Observation] = []
    derived: list[Derived] = []
    levels: list[LevelRow] = []
    withdrawn: list[Withdrawn] = []
    doubts: list[Doubt] = []
    silences: list[AlertChange] = []
    heard: dict[str, int] = {}

    @property
    def says_nothing(self) -> bool:
        """It tells only how far its partition is."""
        words = self.observations or self.derived or self.levels or self.withdrawn or self.doubts
        return not (words or self.silences or self.heard)

    @property
    def only_progress(self) -> bool:
        """Records were read and none concerns anybody here; that time has passed is news even so."""
        return self.read > 0 and not self.complete_ms and self.says_nothing


def picked(scene: Scene, judged: Judged) -> PartitionReport:
    """What a batch of the flow telemetry says of those whom the scene knows; all else is left out."""
    concerned = scene.concerned
    return PartitionReport(
        v=SCHEMA_VERSION,
        source=TELEMETRY,
        topic=judged.topic,
        partition=judged.partition,
        next_offset=judged.next_offset,
        read=judged.read + judged.beats,
        now_ms=judged.now_ms,
        complete_ms=judged.complete_ms,
        late=judged.late,
        observations=[each for each in judged.observations if (each.source, each.parameter) in concerned],
        derived=[
            total
            for total in judged.derived
            if total.parameter[:5] == "rain_" and (total.source, RAIN) in concerned
        ],
        levels=[step for step in judged.levels if scene.rules.get(step.source, ("",))[0] == step.rule],
        withdrawn=[gone for gone in judged.withdrawn if (gone.source, RAIN) in concerned or gone.rule],
        doubts=[doubt for doubt in judged.doubts if (doubt.source, doubt.parameter) in concerned],
        silences=[change for change in judged.changes if change.kind is Kind.SILENT],
        heard=judged.heard,
    )


def without_silences(judged: Judged) -> Judged:
    """A batch less its silences: the flow places tells them, after the outage of the link that may be behind them."""
    kept = [change for change in judged.changes if change.kind is not Kind.SILENT]
    return judged if len(kept) == len(judged.changes) else msgspec.structs.replace(judged, changes=kept)


def seen_by_cameras(scene: Scene, seen: JudgedFrames) -> PartitionReport:
    """What cameras themselves found of water: their observation `flooded`, or their own alert of kind flood, which says the same."""
    findings = [each for each in seen.observations if (each.source, each.parameter) in scene.concerned]
    findings += [
        Observation(
            SCHEMA_VERSION, change.station, change.seq, change.at, FLOODED, float(change.level > 0), "1", Flag.GOOD, change.at
        )
        for change in seen.changes
        if change.kind is Kind.FLOOD and (change.station, FLOODED) in scene.concerned
    ]  # fmt: skip
    return PartitionReport(
        v=SCHEMA_VERSION,
        source=CAMERAS,
        topic=seen.topic,
        partition=seen.partition,
        next_offset=seen.next_offset,
        read=seen.read,
        now_ms=seen.now_ms,
        complete_ms=seen.complete_ms,
        observations=findings,
    )


@dataclass(slots=True)
class Reporter:
    """Leaves out reports that say nothing new: a tick that is repeated, progress of less than PROGRESS_MS.

    What it remembers is not kept over a restart: a report more does no harm.
    """

    _progress: dict[int, tuple[int, int]] = field(default_factory=dict)

    def worth_telling(self, report: PartitionReport) -> bool:
        """Whether the others must hear it."""
        now_ms, complete_ms = self._progress.get(report.partition, (-PROGRESS_MS, -1))
        progress = report.now_ms, report.complete_ms
        if report.says_nothing:
            new = report.complete_ms > complete_ms or report.now_ms - now_ms >= PROGRESS_MS
            if not new:
                return False
        self._progress[report.partition] = max(now_ms, progress[0]), max(complete_ms, progress[1])
        return True
