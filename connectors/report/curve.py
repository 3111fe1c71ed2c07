"""Level against time: what a sensor measured, the limits of its levels, when the event was and when people were told."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.dates
from matplotlib.figure import Figure

from connectors.clock import VIETNAM
from models.catalogue.states import STATES, State
from models.catalogue.units import UNITS

if TYPE_CHECKING:
    from datetime import datetime

    from models.alerting.aftermath import Aftermath, Curve

DATES: Any = matplotlib.dates
"""Untyped in matplotlib."""
MEASURED, TOLD, EVENT = "#14637a", "#111111", "#e9edf1"
LEVEL_STATES = (State.WATCH, State.WARNING, State.DANGER)


def drawing(curve: Curve, event: Aftermath, told_at: datetime | None) -> tuple[str, bytes]:
    """The curve as SVG and as PNG; letters are paths, so that both look the same everywhere."""
    figure = Figure(figsize=(7.4, 2.7), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(_time(event.opened_at), _time(event.closed_at or event.at), color=EVENT, linewidth=0)
    axes.plot([_time(at) for at in curve.times], curve.values, color=MEASURED, linewidth=1.6)
    for limit in curve.limits:
        colour = STATES[LEVEL_STATES[min(limit.level, len(LEVEL_STATES)) - 1]].colour
        axes.axhline(limit.at, color=colour, linewidth=1.1, linestyle=(0, (6, 3)))
        axes.annotate(limit.name, (1, limit.at), xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points", fontsize=8, va="center")  # fmt: skip
    if told_at is not None:
        axes.axvline(_time(told_at), color=TOLD, linewidth=1.2)
        axes.annotate("đã báo", (_time(told_at), 0), xycoords=("data", "axes fraction"), xytext=(3, 4), textcoords="offset points", fontsize=8)  # fmt: skip
    row = UNITS.get(curve.unit)
    axes.set_ylabel(curve.unit if row is None else row.pretty())
    axes.xaxis.set_major_locator(DATES.AutoDateLocator(tz=VIETNAM, maxticks=9))
    axes.xaxis.set_major_formatter(DATES.DateFormatter("%H:%M\n%d/%m", tz=VIETNAM))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return _svg(figure), _png(figure)


def _time(at: datetime) -> Any:
    return DATES.date2num(at)


def _svg(figure: Figure) -> str:
    """Without the head of a file of its own, and the same bytes for the same curve."""
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "phusa"}):
        figure.savefig(out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    text = out.getvalue()
    return text[text.index("<svg") :]


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=170)
    return out.getvalue()
