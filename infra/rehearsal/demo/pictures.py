"""Pictures of a play as SVG text: levels, values, alerts and messages on one clock."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.dates
from matplotlib.figure import Figure

from connectors.clock import VIETNAM
from infra.rehearsal.demo.accounting import ChangeRow
from infra.rehearsal.demo.database import MessageRow
from models.alerting.alert import Change
from models.alerting.words import kind_name
from models.catalogue.channels import CHANNELS
from models.catalogue.kinds import KINDS
from models.catalogue.units import PRETTY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVEL_COLOURS = {1: "#d9a400", 2: "#e0620d", 3: "#c1121f", 4: "#8b0a50", 5: "#5a189a"}
LINES = ("#14637a", "#7a5c2e", "#4d7c3a", "#6a4c93")
SILT, GRID = "#7a5c2e", "#e6dfd3"
KIND_COLOURS = {code.value: row.colour for code, row in KINDS.items()}
MARKS = {Change.RAISE: "^", Change.WORSE: "^", Change.BETTER: "v", Change.CLEAR: "o"}
CHANNEL_MARKS = {code.value: row.mark for code, row in CHANNELS.items()}
DATES: Any = matplotlib.dates
"""Untyped in matplotlib."""
MOST_TIMES = 10
SHOWN = (1, 3)
"""Flags of values that are drawn: good, and suspect, which may be a real flood."""
MOST_LINES = 4
"""More stations than this are drawn as points of one colour, without names."""
UNIT_NAMES = PRETTY | {"1": "điểm ảnh (pixels)"}
"""How people write our units."""
GAP = 6
"""Usual steps of a line without a value, after which it is broken."""
LABEL_SHARE = 0.09
"""Of a panel's height: a line of text at 8.5 pt in a panel of 2.7 inches."""
FAR = 3.0
"""A measured range this many times its own width above zero is drawn without the zero: pH 7 to 8, 25 to 28 °C."""
MARGIN = 0.015
"""Share of the time axis that is left free at either end."""
Points = Sequence[tuple[datetime, float, int]]


@dataclass(frozen=True, slots=True)
class Limit:
    """A level of a rule as a line."""

    value: float
    level: int
    name: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One panel of values of one unit: a line for each station, levels, alerts; `truth` by station, dashed."""

    title: str
    unit: str
    values: Mapping[str, Points]
    limits: list[Limit] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    truth: dict[str, list[tuple[datetime, float]]] = field(default_factory=dict)
    bars: list[tuple[datetime, datetime, float]] = field(default_factory=list)
    """Means or sums, each drawn from the begin to the end of its period."""
    silences: list[tuple[datetime, datetime]] = field(default_factory=list)
    span: tuple[datetime, datetime] | None = None
    """What the time axis shows; None: from the first to the last of `times`."""

    @property
    def times(self) -> list[datetime]:
        """The times of all that was measured and is drawn; empty: there is nothing to draw."""
        shown = [at for points in self.values.values() for at, _, flag in points if flag in SHOWN]
        return shown + [at for since, until, _ in self.bars for at in (since, until)]


def draw(panels: Sequence[Drawing], name: str) -> str:
    """The panels below each other as SVG; those without data are left out, and no panel at all is a ValueError."""
    return _svg(figure_of(panels), name)


def figure_of(panels: Sequence[Drawing]) -> Figure:
    """A figure with a panel for each drawing that has data: its own unit, and the time of its own data."""
    full = [panel for panel in panels if panel.times]
    if not full:
        msg = f"nothing to draw: {', '.join(panel.title for panel in panels)}"
        raise ValueError(msg)
    height = 3.6 if len(full) == 1 else 2.7
    figure = Figure(figsize=(10.5, height * len(full)), layout="constrained")
    for axes, one in zip(figure.subplots(len(full), squeeze=False)[:, 0], full, strict=True):
        _plain(axes)
        _panel(axes, one)
        if len(full) > 1:
            axes.set_title(one.title, loc="left", fontsize=10)
    return figure


def _panel(axes: Axes, what: Drawing) -> None:
    first, last = what.span or (min(what.times), max(what.times))
    for since, until, value in what.bars:
        axes.bar(_x(since), value, _x(until - since), align="edge", color=SILT, alpha=0.22, linewidth=0)
    for limit in what.limits:
        colour = LEVEL_COLOURS[limit.level]
        axes.axhline(limit.value, color=colour, linewidth=1.1, linestyle=(0, (6, 3)))
    for since, until in what.silences:
        axes.axvspan(
            _x(since), _x(until), color="#9ca3af", alpha=0.22, linewidth=0, label="không rõ (unknown)"
        )
    _lines(axes, what)
    changes = [change for change in what.changes if first <= change.at <= last]
    _alerts(axes, changes)
    _times(axes, changes)
    axes.set_ylabel(UNIT_NAMES.get(what.unit, what.unit))
    _frame(axes, what)
    _names(axes, what.limits)
    _clock(axes, first, last)


def _names(axes: Axes, limits: Sequence[Limit]) -> None:
    """The limits' names beside those that lie on the picture, moved apart where they would cover each other."""
    low, high = axes.get_ylim()
    least = LABEL_SHARE * (high - low)
    below = -math.inf
    for limit in sorted(limits, key=lambda limit: limit.value):
        if low <= limit.value <= high:
            below = max(limit.value, below + least)
            axes.annotate(
                f"{limit.name} {_number(limit.value)}", (1.005, below), xycoords=("axes fraction", "data"),
                color=LEVEL_COLOURS[limit.level], fontsize=8.5, va="center",
            )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def timeline(rows: Sequence[MessageRow], names: dict[str, str]) -> str:
    """Messages on a time line: a row for each person, a mark for each message, by what it is about."""
    return _svg(timeline_figure(rows, names), "messages")


def timeline_figure(rows: Sequence[MessageRow], names: dict[str, str]) -> Figure:
    """The time line from the first message to the last; ValueError where there is none."""
    if not rows:
        msg = "nothing to draw: messages"
        raise ValueError(msg)
    people = list(dict.fromkeys(row.contact for row in rows))
    figure = Figure(figsize=(10.5, 1.1 + 0.34 * max(len(people), 2)), layout="constrained")
    axes = figure.add_subplot()
    _plain(axes)
    for row in rows:
        arrived = row.state == "delivered"
        axes.plot(
            _x(row.at), people.index(row.contact), CHANNEL_MARKS.get(row.channel, "D"), markersize=8,
            color=KIND_COLOURS.get(row.kind, SILT), fillstyle="full" if arrived else "none", alpha=0.85,
        )  # fmt: skip
    axes.set_yticks(range(len(people)), [names.get(person, person) for person in people])
    axes.set_ylim(len(people) - 0.5, -0.5)
    _clock(axes, min(row.at for row in rows), max(row.at for row in rows))
    for kind, colour in KIND_COLOURS.items():
        if any(row.kind == kind for row in rows):
            axes.plot([], [], "o", color=colour, label=kind_name(kind))
    for way in CHANNELS.values():
        axes.plot([], [], way.mark, color="black", fillstyle="none", label=way.vi)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.28), ncols=6, fontsize=8.5, frameon=False)
    return figure


def _lines(axes: Axes, what: Drawing) -> None:
    few = len(what.values) <= MOST_LINES
    for i, (station, points) in enumerate(what.values.items()):
        good = [(at, value) for at, value, flag in points if flag in SHOWN]
        xs, ys = [_x(at) for at, _ in good], [value for _, value in good]
        colour = LINES[i % len(LINES)] if few else LINES[0]
        if station in what.truth:
            true = what.truth[station]
            axes.plot(
                [_x(at) for at, _ in true], [v for _, v in true], color=colour, linewidth=1.2, alpha=0.55
            )
            axes.plot(xs, ys, ".", color=colour, markersize=3.2, label=station)
        elif few:
            axes.plot(*_parted(xs, ys), color=colour, linewidth=0.9, label=station)
        else:
            axes.plot(xs, ys, ".", color=colour, markersize=1.6, alpha=0.5)


def _parted(xs: list[Any], ys: list[float]) -> tuple[list[Any], list[float]]:
    """The same with a break where nothing was measured for long: a straight line over a day would be a value that never was."""
    steps = [b - a for a, b in pairwise(xs)]
    if not steps:
        return xs, ys
    longest = GAP * sorted(steps)[len(steps) // 2]
    parted: list[tuple[Any, float]] = []
    for x, y, step in zip(xs, ys, [*steps, steps[0] * 0], strict=True):
        parted.append((x, y))
        if step > longest:
            parted.append((x, math.nan))
    return [x for x, _ in parted], [y for _, y in parted]


def _alerts(axes: Axes, changes: Sequence[ChangeRow]) -> None:
    for change in changes:
        worst = max(change.level, change.previous)
        axes.plot(
            _x(change.at), change.value, MARKS[Change(change.change)], color=LEVEL_COLOURS[worst], markersize=9,
            markeredgecolor="white", markeredgewidth=0.9, zorder=5,
        )  # fmt: skip


def _times(axes: Axes, changes: Sequence[ChangeRow]) -> None:
    """Say when, beside each rise, while there are few of them."""
    rises = [change for change in changes if change.level > change.previous]
    for rise in rises if len(rises) <= MOST_TIMES else ():
        axes.annotate(
            rise.at.astimezone(VIETNAM).strftime("%H:%M"), (_x(rise.at), rise.value), xytext=(-7, 7),
            textcoords="offset points", ha="right", fontsize=8.5, fontweight="bold",
            color=LEVEL_COLOURS[rise.level],
        )  # fmt: skip


def _frame(axes: Axes, what: Drawing) -> None:
    good = [value for points in what.values.values() for _, value, flag in points if flag in SHOWN]
    good += [value for _, _, value in what.bars]
    low, high = _range(good, [limit.value for limit in what.limits])
    if high > low:
        axes.set_ylim(low, high + 0.12 * (high - low))
    if 0 < len(what.values) <= MOST_LINES:
        axes.legend(loc="upper left", fontsize=8.5, edgecolor="none", framealpha=0.8, ncols=4)


def _range(values: Sequence[float], limits: Sequence[float]) -> tuple[float, float]:
    """What the value axis shows: all values, zero where they are near it, and the limits that are near them."""
    if not values:
        return min([0.0, *limits]), max([0.0, *limits])
    least, most = min(values), max(values)
    width = max(most - least, 0.1 * abs(most), 0.1)
    if least > FAR * width:
        near = [limit for limit in limits if least - 2 * width <= limit <= most + 2 * width]
        return min([least, *near]) - 0.2 * width, max([most, *near]) + 0.2 * width
    near = [limit for limit in limits if limit < 2.5 * max(most, 0.1)]
    return min([0.0, least, *near]), max([most, *near, least + width])


def _plain(axes: Axes) -> None:
    axes.grid(visible=True, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _clock(axes: Axes, first: datetime, last: datetime) -> None:
    """The axis from first to last, on Vietnam's clock: hours for some days, dates for longer, and which days they are."""
    spread = max(last - first, timedelta(minutes=10))
    axes.set_xlim(_x(first - MARGIN * spread), _x(first + spread + MARGIN * spread))
    if timedelta(hours=6) < spread < timedelta(days=2):
        axes.xaxis.set_major_locator(DATES.HourLocator(byhour=range(0, 24, 2), tz=VIETNAM))
        axes.xaxis.set_major_formatter(DATES.DateFormatter("%H:%M", tz=VIETNAM))
    else:
        locator = DATES.AutoDateLocator(tz=VIETNAM)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(DATES.ConciseDateFormatter(locator, tz=VIETNAM, show_offset=False))
    days = [at.astimezone(VIETNAM).strftime("%d/%m/%Y") for at in (first, last)]
    axes.set_xlabel(" - ".join(dict.fromkeys(days)) + ", giờ Việt Nam", fontsize=8.5)


def _x(at: datetime | timedelta) -> Any:
    """Matplotlib takes datetimes everywhere, its annotations only floats."""
    return at


def _svg(figure: Figure, name: str) -> str:
    """SVG with text as text (the browser's font has every Vietnamese letter) and stable ids."""
    out = io.StringIO()
    with mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": name, "font.family": ["DejaVu Sans", "sans-serif"]}
    ):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
