"""The river as SVG: the last day's level, the ladder as bands and lines, what is expected. The measured line has no state's colour."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from connectors.clock import VIETNAM
from connectors.page import shapes
from connectors.page.words import metres
from models.catalogue.states import STATES, State, StateRow
from models.places.kinds import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.page.map import Theme
    from connectors.page.now import Point, River, Rung

BACK, AHEAD = timedelta(hours=24), timedelta(hours=6)
GAP = timedelta(minutes=40)
"""Longer without a reading: the line is broken there, nothing is drawn across."""
EVERY_H, HOUR = 3, timedelta(hours=1)
NEARLY_HOUR, RISE_M = timedelta(minutes=55), 0.01
"""It rises where it stands so much higher than so long ago: the same as in dashboards/sql/river_sketch.sql."""
ALARM = "alarm"


class Paper(NamedTuple):
    """Where the drawing lies: pixels, and what they stand for."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    start: datetime
    until: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        """Pixels from the left."""
        return self.left + (at - self.start) / (self.until - self.start) * (
            self.width - self.left - self.right
        )

    def y(self, level: float) -> float:
        """Pixels from the top."""
        return (
            self.height
            - self.bottom
            - (level - self.low) / (self.high - self.low) * (self.height - self.top - self.bottom)
        )


def alarms(ladder: Sequence[Rung]) -> list[tuple[Rung, StateRow]]:
    """The alarm levels from the lowest, each with the state that it makes."""
    found = sorted((rung for rung in ladder if rung.kind == ALARM), key=lambda rung: rung.level)
    return [(one, STATES[state_of(number)]) for number, one in enumerate(found, 1)]


def spell(points: Sequence[Point]) -> list[list[Point]]:
    """The readings in runs without a gap."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and point.at - runs[-1][-1].at <= GAP:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def svg(
    river: River, at: datetime, *, size: tuple[int, int], text: float, theme: Theme, name: str = ""
) -> str:
    """The chart of `size` pixels, text `text` pixels high, at the moment `at`."""
    width, height = size
    levels = alarms(river.ladder)
    values = [point.value for point in river.points] + [one.level for one, _ in levels]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    room = max(high - low, 0.5) * 0.12
    widest = max((len(one.vi) for one, _ in levels), default=4)
    paper = Paper(
        width, height, 3.4 * text, (widest + 10.5) * 0.56 * text, 0.9 * text, 1.9 * text,
        at - BACK, at + AHEAD, low - room, high + room,
    )  # fmt: skip
    title = (
        f"Mực nước {name} 24 giờ qua và các mức báo động"
        if name
        else "Mực nước 24 giờ qua và các mức báo động"
    )
    parts = [
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>',
        *_bands(levels, paper, text, theme),
        *_hours(paper, text, theme),
        *_unmeasured(river.points, at, paper, text, theme),
        *(_run(one, paper, text, theme) for one in spell(river.points)),
        *_expected(river, levels, paper, text, theme),
        _now(at, paper, text, theme),
    ]
    if river.points:
        newest = river.points[-1]
        x, y = paper.x(newest.at), paper.y(newest.value)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{text / 3.5:.1f}" fill="{theme.text}"/>')
        before = next(
            (point.value for point in reversed(river.points) if newest.at - point.at >= HOUR), newest.value
        )
        beside = (
            y - 0.5 * text if newest.value >= before else y + 1.4 * text
        )  # on the side from which it does not come
        parts.append(
            _words(
                x - 0.6 * text,
                max(beside, 1.3 * text),
                metres(newest.value),
                1.15 * text,
                theme,
                "end",
                bold=True,
            )
        )
    parts.append("</svg>")
    return "".join(parts)


def _bands(levels: Sequence[tuple[Rung, StateRow]], paper: Paper, text: float, theme: Theme) -> list[str]:
    parts, right = [], paper.width - paper.right
    for number, (rung, look) in enumerate(levels):
        above = levels[number + 1][0].level if number + 1 < len(levels) else paper.high
        y, top = paper.y(rung.level), paper.y(above)
        parts.append(
            f'<rect x="{paper.left:.1f}" y="{top:.1f}" width="{right - paper.left:.1f}" height="{y - top:.1f}" fill="{look.colour}" opacity="0.16"/>'
        )
        parts.append(
            f'<path d="M{paper.left:.1f} {y:.1f} H{right:.1f}" stroke="{look.colour}" stroke-width="{text / 10:.1f}"/>'
        )
        parts.append(shapes.mark(look, right + 0.85 * text, y, 1.1 * text))
        parts.append(
            _words(right + 1.7 * text, y + 0.35 * text, f"{rung.vi} {metres(rung.level)}", text, theme)
        )
    return parts


def _hours(paper: Paper, text: float, theme: Theme) -> list[str]:
    parts, foot = [], paper.height - paper.bottom
    local = paper.start.astimezone(VIETNAM).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    wide = paper.x(local + timedelta(hours=EVERY_H)) - paper.x(local)
    # Five wide letters (DejaVu) are 2.9 times as wide as high, and need a gap.
    every = next((EVERY_H * n for n in (1, 2) if wide * n > 3.4 * text), 4 * EVERY_H)
    while local < paper.until:
        if local.hour % every == 0:
            x = paper.x(local)
            words = f"{local:%H:%M}" if local.hour else f"{local:%d/%m}"
            parts.append(
                f'<path d="M{x:.1f} {foot:.1f} v{text / 3:.1f}" stroke="{theme.text}" stroke-width="1.5"/>'
            )
            parts.append(_words(x, foot + 1.35 * text, words, 0.85 * text, theme, "middle"))
        local += timedelta(hours=1)
    parts.append(
        f'<path d="M{paper.left:.1f} {foot:.1f} H{paper.width - paper.right:.1f}" stroke="{theme.edge}" stroke-width="1.5"/>'
    )
    step = next(one for one in (0.5, 1.0, 2.0, 5.0, 10.0, 1e9) if (paper.high - paper.low) / one <= 6)
    level = -(-paper.low // step) * step
    while level < paper.high:
        parts.append(
            _words(
                paper.left - 0.5 * text,
                paper.y(level) + 0.3 * text,
                f"{level:g} m".replace(".", ","),
                0.85 * text,
                theme,
                "end",
            )
        )
        level += step
    return parts


def _unmeasured(points: Sequence[Point], at: datetime, paper: Paper, text: float, theme: Theme) -> list[str]:
    """Where nothing was measured until now, hatched and in words: no line that stands still."""
    since = points[-1].at if points else paper.start
    if at - since <= GAP:
        return []
    x, wide, top = paper.x(since), paper.x(at) - paper.x(since), paper.top
    words = "không có số đo" if points else "24 giờ qua không có số đo"
    side = "middle" if wide > 8 * text else "end"
    middle = x + wide / 2 if side == "middle" else x + wide
    return [
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{paper.height - paper.bottom - top:.1f}" fill="url(#hatch-{State.SILENT})" opacity="0.55"/>',
        _words(middle, top + 1.6 * text, words, text, theme, side, bold=True),
    ]


def _run(run: Sequence[Point], paper: Paper, text: float, theme: Theme) -> str:
    path = " L".join(f"{paper.x(point.at):.1f} {paper.y(point.value):.1f}" for point in run)
    return f'<path d="M{path}" fill="none" stroke="{theme.text}" stroke-width="{text / 6:.1f}" stroke-linejoin="round" stroke-linecap="round"/>'


def _expected(
    river: River, levels: Sequence[tuple[Rung, StateRow]], paper: Paper, text: float, theme: Theme
) -> list[str]:
    """From the newest reading to the next alarm level: dashed to the likely time, a bar from the earliest to the latest.

    Nothing where it does not rise, or where no likely time was reckoned: the earliest possible alone is no course.
    """
    wanted = river.forecast
    if wanted is None or wanted.likely_h is None or not _rises(river.points):
        return []
    newest = river.points[-1]
    level = next((one.level for one, _ in levels if one.level > newest.value), None)
    if level is None:
        return []
    y, latest = paper.y(level), wanted.high_h if wanted.high_h is not None else wanted.low_h
    first, last = (
        min(paper.x(wanted.at + timedelta(hours=one)), paper.x(paper.until)) for one in (wanted.low_h, latest)
    )
    meets = wanted.at + timedelta(hours=wanted.likely_h)
    end, end_y = paper.x(meets), y
    if meets > paper.until:  # cut where the paper ends, on the same slope
        part = (paper.until - newest.at) / (meets - newest.at)
        end, end_y = paper.x(paper.until), paper.y(newest.value) + part * (y - paper.y(newest.value))
    dashes = f'stroke-dasharray="{text / 2:.0f} {text / 3:.0f}"'
    parts = [
        f'<path d="M{paper.x(newest.at):.1f} {paper.y(newest.value):.1f} L{end:.1f} {end_y:.1f}" stroke="{theme.text}" stroke-width="{text / 9:.1f}" {dashes} fill="none"/>'
    ]
    if last > first:
        parts.append(
            f'<path d="M{first:.1f} {y:.1f} H{last:.1f}" stroke="{theme.text}" stroke-width="{text / 3:.1f}" opacity="0.55"/>'
        )
    return parts


def _rises(points: Sequence[Point]) -> bool:
    """Whether the newest reading is higher than that of an hour before; not known is no."""
    if not points:
        return False
    newest = points[-1]
    before = next((point.value for point in reversed(points) if newest.at - point.at >= NEARLY_HOUR), None)
    return before is not None and newest.value >= before + RISE_M


def _now(at: datetime, paper: Paper, text: float, theme: Theme) -> str:
    x, words = paper.x(at), f"{at.astimezone(VIETNAM):%H:%M}"
    return (
        f'<path d="M{x:.1f} {paper.top:.1f} V{paper.height - paper.bottom:.1f}" stroke="{theme.edge}" stroke-width="1.5" stroke-dasharray="4 4"/>'
        + _words(x, 0.75 * text, words, 0.85 * text, theme, "middle")
    )


def _words(
    x: float, y: float, words: str, size: float, theme: Theme, anchor: str = "start", *, bold: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}" text-anchor="{anchor}" fill="{theme.text}" stroke="{theme.halo}" '
        f'stroke-width="{size / 6:.1f}" paint-order="stroke"{weight}>{escape(words)}</text>'
    )
