"""Photographs of the day's pages: the wall at the worst moment of the river, and those of the README.

A follower of the day's clock: it stands while a photograph is taken, so that it shows its moment on any machine. Chromium does it where
one is installed; where none is, that is said and the day goes on.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from rich.console import Console

from infra.rehearsal.demo.steps import STEP, Behind
from infra.rehearsal.simulator.truth import Truth

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MOST_S = 300.0
"""A browser that hangs is given up after so long; a page takes it seconds."""
RIVER = "river_level"


class Photograph(NamedTuple):
    """One to take: when, the address, the file, width and height in CSS pixels."""

    at: datetime
    url: str
    path: Path
    width: int
    height: int


def worst(truth: Truth) -> datetime:
    """When the river stands highest; the middle of a day that has no river."""
    heights = [
        (value, -i * curve.step_s)
        for curve in truth.curves
        if curve.parameter == RIVER
        for i, value in enumerate(curve.values)
    ]
    if not heights:
        return truth.start + timedelta(hours=12)
    return truth.start - timedelta(seconds=max(heights)[1])


def wanted(truth: Truth, page: str, var: Path, folder: Path | None) -> list[Photograph]:
    """The wall at the worst moment, into `var`; with `folder` those of the README too, in the order of time."""
    peak = worst(truth)
    found = [Photograph(peak, f"{page}/wall", var / "wall.png", 1920, 1080)]
    if folder is not None:
        rising = truth.start + timedelta(hours=11, minutes=30)
        found += [
            Photograph(rising, f"{page}/", folder / "citizens.png", 360, 1400),
            Photograph(peak, f"{page}/wall", folder / "wall.png", 1920, 1080),
        ]
    return sorted(found)


def browser() -> str | None:
    """The browser of this machine."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def take(program: str, what: Photograph) -> str | None:
    """Take it; what went wrong, None: nothing."""
    what.path.parent.mkdir(parents=True, exist_ok=True)
    what.path.unlink(missing_ok=True)
    command = [
        # Without a sandbox: a container and root have none; it opens nothing but our own page.
        program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
        f"--window-size={what.width},{what.height}", f"--screenshot={what.path}", what.url,
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__}: {error}"
    if what.path.exists():
        return None
    return (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]


@dataclass(slots=True)
class Photographer:
    """Takes each when the day has come to it and the sentences of the places have."""

    console: Console
    db: psycopg.Connection[dict[str, Any]]
    left: list[Photograph]
    step: timedelta = STEP

    def behind(self, at: datetime) -> Behind | None:
        """None: nothing is due, or it was taken; else that the places are waited for."""
        if not self.left or at < self.left[0].at:
            return None
        row = self.db.execute("SELECT max(at) AS at FROM place_state").fetchone()
        # Its clock is told one step less than the day's.
        if row is None or row["at"] is None or row["at"] < at - max(STEP, self.step):
            return "câu của các nơi chưa tới lúc chụp", "the places' sentences have not come to the moment"
        program = browser()
        while self.left and self.left[0].at <= at:
            one = self.left.pop(0)
            trouble = (
                "không có Chromium (no Chromium on this machine)" if program is None else take(program, one)
            )
            if trouble is not None:
                self.console.print(
                    f"[yellow]• không chụp được {one.path.name} (not photographed): {trouble}[/]",
                    highlight=False,
                )
        return None
