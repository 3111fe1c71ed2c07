"""A replay as a picture: the history with its alerts for the first limit, and, below, what each limit would have meant."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import matplotlib.dates
from matplotlib.figure import Figure

from connectors.clock import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.commune.configuration import Parameter
    from models.replay.play import Series
    from models.replay.sweep import Trial
    from models.replay.truth import Event

MOST_LINES = 6
"""More sensors than this are drawn as points of one colour."""
WATER, ALERT, EVENT = "#14637a", "#c1121f", "#d9a400"
DATES: Any = matplotlib.dates
"""Untyped in matplotlib."""


def draw(
    path: Path,
    watched: Parameter,
    history: Sequence[Series],
    trials: Sequence[Trial],
    events: Sequence[Event] | None,
) -> None:
    """Write PATH (.png or .svg)."""
    figure = Figure(figsize=(11, 7 if len(trials) > 1 else 4.2), layout="constrained")
    rows = figure.subplots(2 if len(trials) > 1 else 1, 1, squeeze=False)[:, 0]
    axes, first = rows[0], trials[0]
    for series in history:
        style: dict[str, Any] = (
            {"linewidth": 1.0, "color": WATER} if len(history) == 1 else {"linewidth": 0.9}
        )
        if len(history) > MOST_LINES:
            style = {"linestyle": "none", "marker": ".", "markersize": 1.5, "color": WATER}
        axes.plot(_times(series.at_ms), list(series.values), label=series.station, **style)
    axes.axhline(first.limit, color=ALERT, linewidth=1.1, linestyle=(0, (6, 3)))
    last = max((series.at_ms[-1] for series in history if series.at_ms), default=0)
    for event in events or ():
        axes.axvspan(*_times((event.start_ms, event.end_ms)), color=EVENT, alpha=0.25, linewidth=0)
    for alert in first.alerts:
        axes.axvspan(*_times((alert.start_ms, alert.end_ms or last)), color=ALERT, alpha=0.15, linewidth=0)
        axes.plot(_times((alert.start_ms,)), [first.limit], "^", color=ALERT, markersize=5)
    axes.set_title(
        f"{first.rule.id}, mức {first.level} = {first.limit:g} {watched.unit}: {len(first.alerts)} cảnh báo (alerts)",
        loc="left",
    )
    axes.set_ylabel(f"{watched.code} [{watched.unit}]")
    axes.xaxis.set_major_formatter(DATES.ConciseDateFormatter(axes.xaxis.get_major_locator(), tz=VIETNAM))
    if 1 < len(history) <= MOST_LINES:
        axes.legend(fontsize=8)
    if len(trials) > 1:
        _sweep(rows[1], watched, trials)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _sweep(axes: Any, watched: Parameter, trials: Sequence[Trial]) -> None:
    limits = [trial.limit for trial in trials]
    axes.plot(limits, [len(trial.alerts) for trial in trials], "o-", color=WATER, label="cảnh báo (alerts)")
    scored = [trial for trial in trials if trial.score is not None]
    if scored:
        at = [one.limit for one in scored]
        axes.plot(
            at, [one.score.false for one in scored if one.score], "v-", color=ALERT, label="báo sai (false)"
        )
        axes.plot(
            at, [one.score.missed for one in scored if one.score], "s-", color=EVENT, label="bỏ sót (missed)"
        )
    axes.set_xlabel(f"giới hạn (limit) [{watched.unit}]")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=8)


def _times(stamps_ms: Sequence[int]) -> list[datetime]:
    return [datetime.fromtimestamp(one / 1000, VIETNAM) for one in stamps_ms]
