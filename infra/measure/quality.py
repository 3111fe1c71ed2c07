"""Our flags against the technicians who corrected the same series: precision, recall and F1, sample by sample.

`python -m infra.measure.quality --data ../shared/data`. Truth are their qualifiers: `any` of them, and `removed`, those whose value they
took away or replaced by its neighbours (1, 2, 7); the rest (4, 10) is drift that was put right afterwards with a second instrument.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from connectors import commune as files
from infra.recordings import configuration, readers
from infra.recordings.replay import readings_of
from models.telemetry.judge import judge
from models.telemetry.partition import partition_of
from models.telemetry.reading import Flag
from models.telemetry.sensor import Shard, plan

FILES = {"main_street_2019": "main-street", "blacksmith_fork_2015": "blacksmith-fork"}
COLUMNS = {
    "temp": "water_temperature", "cond": "conductivity", "ph": "ph", "do": "dissolved_oxygen", "turb": "turbidity",
    "stage": "river_level",
}  # fmt: skip
REMOVED = {"1", "2", "7"}


class Counts(NamedTuple):
    """Samples that both call bad, only we, only they."""

    both: int
    ours: int
    theirs: int

    @property
    def precision(self) -> float | None:
        """Of ours, how many are theirs; None if we flagged nothing."""
        return self.both / (self.both + self.ours) if self.both + self.ours else None

    @property
    def recall(self) -> float | None:
        """Of theirs, how many are ours; None if there are none."""
        return self.both / (self.both + self.theirs) if self.both + self.theirs else None

    @property
    def f1(self) -> float | None:
        """Their harmonic mean."""
        whole = 2 * self.both + self.ours + self.theirs
        return 2 * self.both / whole if whole else None


def counted(flagged: set[int], bad: set[int]) -> Counts:
    """Compare two sets of samples (times in ms)."""
    return Counts(len(flagged & bad), len(flagged - bad), len(bad - flagged))
