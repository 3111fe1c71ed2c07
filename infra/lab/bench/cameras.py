"""The ways of watching frames, one after the other over the same pictures; and what memory ours takes."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from infra.lab.bench.kafka import delete, topics
from infra.lab.bench.pour import pour
from infra.lab.bench.result import Result, bounded, compared
from infra.lab.bench.watching import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OUTPUTS = ("observations", "alerts", "rejected")
AT_LEAST_BARE, AT_LEAST_ULTRALYTICS, MOST_MIB = 0.8, 3.0, 1536
SLOW_PART = 8
"""Ultralytics' own loop gets an eighth of the frames: it is that much slower."""


def cameras(
    bootstrap: str, weights: Path, pt: Path | None, frames: int, runs: int, tell: Callable[[str], None]
) -> list[Result]:
    """Frames a second of the flow beside the bare loop, and (where installed) beside `YOLO(pt).predict`.

    Without ultralytics or its weights that line is left out, and said.
    """
    tell(f"ghi {frames} ảnh 1080p (writing frames)")
    full = topics(bootstrap, "full", ("frames",))
    pour(bootstrap, full["frames"], made(frames), {"compression.type": "none"})
    ways = {"flow": (weights, frames), "bare": (weights, frames)}
    if pt is not None and find_spec("ultralytics") is not None:
        ways["ultralytics"] = (pt, frames // SLOW_PART)
    else:
        tell("không có ultralytics, bỏ so sánh đó (no ultralytics here: that comparison is left out)")
    rates: dict[str, list[float]] = {way: [] for way in ways}
    peaks: list[float] = []
    for run in range(runs):
        for way, (net, number) in ways.items():
            own = topics(bootstrap, f"{way}-{run}", OUTPUTS) | full
            found = _measured(way, bootstrap, own, net, number)
            rates[way].append(number / found["wall_s"])
            if way == "flow":
                peaks.append(found["peak_mib"])
            delete(bootstrap, [own[name] for name in OUTPUTS])
            tell(f"{way}: {rates[way][-1]:,.0f}/s, {found['peak_mib']:.0f} MiB ({run + 1}/{runs})")
    delete(bootstrap, list(full.values()))
    return [*_compared(rates), bounded("luồng cameras, bộ nhớ (memory)", "MiB", peaks, MOST_MIB)]


def _compared(rates: dict[str, list[float]]) -> list[Result]:
    lines = {
        "bare": ("luồng cameras / chỉ giải nén và nhận dạng (flow / bare decode and detect)", AT_LEAST_BARE),
        "ultralytics": (
            "luồng cameras / vòng lặp ultralytics (flow / its predict loop)",
            AT_LEAST_ULTRALYTICS,
        ),
    }
    return [
        compared(name, "frames/s", rates["flow"], rates[way], least)
        for way, (name, least) in lines.items()
        if way in rates
    ]


def _measured(way: str, bootstrap: str, own: dict[str, str], net: Path, frames: int) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "infra.lab.bench.watching",
        way,
        bootstrap,
        json.dumps(own),
        str(net),
        str(frames),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"{way}: {done.stderr[-2000:]}"
        raise RuntimeError(msg)
    return {name: float(value) for name, value in json.loads(done.stdout.splitlines()[-1]).items()}
