"""What the one process of all cameras costs: H.264 of 1080p at 12 pictures a second, a key frame each, one kept."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from connectors.cameras.picture import Counts
from infra.lab.bench import live_frames
from infra.lab.bench.result import Result, bounded
from infra.rehearsal.simulator import film, rtsp
from infra.rehearsal.simulator.film import Shot
from infra.rehearsal.simulator.scene.camera import VIEWS, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connectors.settings import Settings

FPS, SECONDS = 12, 60
WARM_S, MEASURED_S = 15.0, 30.0
SHAKE_PX = 6
NOISE = 3.0
MOST_CORES = 1.5
"""Of the two there are: the cameras flow takes half a core for as many (41 of the 154 frames/s it can do)."""


def cost(
    own: Settings, environment: dict[str, str], cameras: int, runs: int, tell: Callable[[str], None]
) -> list[Result]:
    """Cores that `cameras` streams take, each at one picture a second, and how many pictures reached Kafka."""
    folder = own.var / "films"
    names = live_frames.names(cameras)
    live_frames.configure(own.commune, cameras)
    first = folder / names[0]
    if not first.with_suffix(".h264").exists():
        tell("quay phim 1080p (encoding a film)")
        film.make(_shots(), first, FPS, keys_every=FPS)
    for name in names[1:]:
        for suffix in (".h264", ".json"):
            (folder / name).with_suffix(suffix).unlink(missing_ok=True)
            (folder / name).with_suffix(suffix).symlink_to(first.with_suffix(suffix))
    cores = []
    for run in range(runs):
        server = rtsp.Server(folder, own.rtsp_port, datetime.now(UTC), own.var / "logs" / "rtsp.log")
        try:
            used, rate = _measured(own, environment | {"PHUSA_CAMERA_SERVER": server.address})
        finally:
            server.stop()
        cores.append(used)
        tell(f"{cameras} camera: {used:.2f} nhân (cores), {rate:.1f} ảnh/s (frames/s) ({run + 1}/{runs})")
        if rate < 0.9 * cameras:
            msg = f"{cameras} cameras gave {rate:.1f} frames/s: the machine cannot serve and read so many"
            raise RuntimeError(msg)
    return [bounded(f"capture, {cameras} camera 1080p, 1 ảnh/s (1 frame/s each)", "cores", cores, MOST_CORES)]


def _measured(own: Settings, environment: dict[str, str]) -> tuple[float, float]:
    """Cores used and frames a second sent, after the connections stand."""
    with subprocess.Popen(
        [sys.executable, "-m", "infra.run.processes", "capture"], env={**os.environ, **environment}
    ) as process:
        try:
            time.sleep(WARM_S)
            before, sent, began = _cpu_s(process.pid), _sent(own.var), time.monotonic()
            time.sleep(MEASURED_S)
            passed = time.monotonic() - began
            return (_cpu_s(process.pid) - before) / passed, (_sent(own.var) - sent) / passed
        finally:
            process.terminate()


def _cpu_s(pid: int) -> float:
    """Seconds of all its threads so far, in user and kernel (proc(5): fields 14 and 15)."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123 (no file of the tree)
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _sent(var: Path) -> int:
    """Frames that Kafka has acknowledged, as the process itself tells every two seconds."""
    found = msgspec.json.decode((var / "cameras.json").read_bytes(), type=dict[str, Counts])
    return sum(one.sent for one in found.values())


def _shots() -> Iterator[Shot]:
    """The rendered market, swaying, under a sensor's noise: 2.3 Mbit/s, key frames of 0.2 MB, as cameras are set."""
    import cv2

    picture, _ = render(VIEWS["cho-quang-tho"], 7.5 * 3600)
    wide = cv2.resize(picture, (1920 + 4 * SHAKE_PX, 1080 + 4 * SHAKE_PX), interpolation=cv2.INTER_CUBIC)
    random = np.random.default_rng(1)
    for i in range(FPS * SECONDS):
        x = round(2 * SHAKE_PX + SHAKE_PX * np.sin(i / 5))
        y = round(2 * SHAKE_PX + SHAKE_PX * np.cos(i / 7))
        noisy = wide[y : y + 1080, x : x + 1920] + random.normal(0, NOISE, (1080, 1920, 1))
        yield Shot(i / FPS, np.clip(noisy, 0, 255).astype(np.uint8), None)
