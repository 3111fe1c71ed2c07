"""One line of the benchmark's table, and how it is shown and kept."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Result:
    """`value` and `baseline` are medians over `runs`, `ratio` the median of the runs' own ratios.

    `target` says in words what `ratio` (or `value`, where there is no baseline) must reach;
    `reached` whether it did.
    """

    name: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
    target: str
    reached: bool
    runs: int


def compared(name: str, unit: str, values: list[float], baselines: list[float], least: float) -> Result:
    """Rates beside their baseline of the same run; the ratio must be at least `least`."""
    ratio = statistics.median(value / base for value, base in zip(values, baselines, strict=True))
    return Result(
        name,
        round(statistics.median(values)),
        unit,
        round(statistics.median(baselines)),
        round(ratio, 3),
        f"ratio >= {least:g}",
        ratio >= least,
        len(values),
    )


def bounded(name: str, unit: str, values: list[float], most: float) -> Result:
    """A figure of its own, in `unit`, whose median must not exceed `most`."""
    value = statistics.median(values)
    return Result(name, round(value, 3), unit, None, None, f"<= {most:g} {unit}", value <= most, len(values))


def bounded_below(name: str, unit: str, values: list[float], least: float) -> Result:
    """A rate of its own whose median must reach `least`."""
    value = statistics.median(values)
    return Result(
        name, round(value), unit, None, None, f">= {least:,.0f} {unit}", value >= least, len(values)
    )


def told(name: str, unit: str, values: list[float]) -> Result:
    """A figure that nothing is asked of."""
    return Result(
        name, round(statistics.median(values)), unit, None, None, "-", reached=True, runs=len(values)
    )


def show(results: list[Result], console: Console) -> None:
    """The table, for people."""
    table = Table(title="Đo hiệu năng (benchmarks)")
    for column in ("", "giá trị", "đơn vị", "mốc so sánh", "tỉ lệ", "mục tiêu", "đạt", "lần chạy"):
        table.add_column(column)
    for result in results:
        base = "-" if result.baseline is None else f"{result.baseline:,.0f}"
        ratio = "-" if result.ratio is None else f"{result.ratio:.2f}"
        reached = "có" if result.reached else "[bold red]KHÔNG"
        table.add_row(
            result.name,
            f"{result.value:,.6g}",
            result.unit,
            base,
            ratio,
            result.target,
            reached,
            str(result.runs),
        )
    console.print(table)


def keep(results: list[Result], path: Path) -> None:
    """The list, for scripts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1), encoding="utf-8"
    )
