"""The growing results of one batch, to which each stage of the judgement adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange
from models.alerting.history import LATE_MS, Telling
from models.envelope.reading import Observation
from models.envelope.rejected import Rejected
from models.telemetry.batch import Derived, Doubt, FloodRow, LevelRow, Verdict, Withdrawn

if TYPE_CHECKING:
    from models.telemetry.sensor import SensorState


class Out(msgspec.Struct, gc=False):
    """The growing results of one batch, as in `Judged`; `touched`: sensor -> the earliest of its new readings (ms).

    `late`: sensors of which a reading came out of order, `behind`: or long after its time; `days`: the earliest day that is over and of which something came.
    """

    observations: list[Observation]
    origins: list[int]
    derived: list[Derived]
    changes: list[AlertChange]
    rejected: list[Rejected]
    duplicates: list[int]
    verdicts: list[Verdict] = []
    floods: list[FloodRow] = []
    withdrawn: list[Withdrawn] = []
    doubts: list[Doubt] = []
    levels: list[LevelRow] = []
    beats: int = 0
    now_ms: int = 0
    touched: dict[tuple[str, str], int] = {}
    heard: dict[str, int] = {}
    partition: int = 0
    late: set[tuple[str, str]] = set()
    behind: set[tuple[str, str]] = set()
    days: dict[tuple[str, str], int] = {}

    def telling(self, key: tuple[str, str], state: SensorState) -> Telling:
        """How the readings of a sensor came."""
        in_time = key not in self.behind and key not in self.late
        wait = state.delay_ms > LATE_MS and state.catching_up
        return Telling(self.now_ms, in_time, wait, key in self.late)
