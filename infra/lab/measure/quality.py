"""Our flags against the technicians who corrected the same series: precision, recall and F1, sample by sample.

`python -m infra.lab.measure.quality --data ../shared/data`. Truth are their qualifiers: `any` of them, and `removed`, those whose value they
took away or replaced by its neighbours (1, 2, 7); the rest (4, 10) is drift that was put right afterwards with a second instrument.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from connectors import commune as files
from infra.lab.measure.offline import final, judged
from infra.rehearsal.recordings import configuration, readers

if TYPE_CHECKING:
    from infra.rehearsal.recordings.frame import Rows

FILES = {"main_street_2019": "main-street", "blacksmith_fork_2015": "blacksmith-fork"}
COLUMNS = {
    "temp": "water_temperature", "cond": "conductivity", "ph": "ph", "do": "dissolved_oxygen", "turb": "turbidity",
    "stage": "river_level",
}  # fmt: skip
REMOVED = {"1", "2", "7"}
SUSPECT = 3


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


def truth(path: Path, rows: Rows) -> dict[str, tuple[set[int], set[int]]]:
    """Parameter -> times (ms) of the samples with any qualifier, and of those that were removed or replaced."""
    wide = pl.read_csv(path, infer_schema_length=0, null_values=["NULL", "NA", ""])
    stamps = dict(rows.frame.select(pl.col("at").dt.strftime("%Y-%m-%d %H:%M"), "ms").iter_rows())
    times = [stamps.get((one or "")[:16]) for one in wide["datetime"]]
    found = {}
    for column, parameter in COLUMNS.items():
        marks = list(zip(times, wide[f"{column}_qual"].to_list(), strict=True))
        every = {at for at, mark in marks if at is not None and mark is not None}
        removed = {at for at, mark in marks if at is not None and mark in REMOVED}
        found[parameter] = (every, removed)
    return found


def table(data: Path) -> str:
    """The Markdown table; raises SystemExit where the recordings are absent."""
    commune = files.load(configuration.FOLDER)
    lines = [
        "| file, parameter | flagged | marked (removed) | P, any | R, any | F1, any | P, removed | R, removed | F1, removed |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, station in FILES.items():
        path = data / "water" / f"{name}.csv"
        if not path.is_file():
            raise SystemExit(f"không có {path} (no such file)")
        rows = readers.water(path, station)
        flags = final(list(judged(rows.frame, commune)))
        for parameter, (every, removed) in truth(path, rows).items():
            own = {at for (_, code, at), (flag, _) in flags.items() if code == parameter and flag >= SUSPECT}
            seen = {at for (_, code, at) in flags if code == parameter}
            pairs = [counted(own, one & seen) for one in (every, removed)]
            figures = " | ".join(_shown(v) for pair in pairs for v in (pair.precision, pair.recall, pair.f1))
            lines.append(
                f"| {name}, {parameter} | {len(own)} | {len(every & seen)} ({len(removed & seen)}) | {figures} |"
            )
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    print(table(parser.parse_args().data))


if __name__ == "__main__":
    main()
