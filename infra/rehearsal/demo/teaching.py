"""Teach the ford's camera before the day begins, as a person of the commune would: pictures of another day, labelled, accepted.

By the command that people use, `phusa camera teach`: nothing of the storm day's own pictures is learned from.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from infra.rehearsal.demo.flood_eyes import ROAD
from infra.rehearsal.simulator.scene.flood_cameras import FORD
from infra.rehearsal.simulator.scene.lessons import jpeg, lessons
from infra.run.stack.voice import StackError

if TYPE_CHECKING:
    from pathlib import Path

    from models.commune.configuration import Commune

COMMAND = "import sys; sys.argv[0] = 'phusa'; from infra.phusa import app; app()"
DAYS_BEFORE = 9
"""The lessons' day lies so long before the storm's."""
BY = "make demo"


def teach(commune: Commune, folder: Path, start: datetime) -> list[str]:
    """Write the lessons into `folder`, let `phusa camera teach` learn from them and accept; what it said. Raises StackError with its words.

    Empty where the commune has no such camera.
    """
    if all(camera.id != FORD for camera in commune.cameras):
        return []
    pictures, labels = prepare(folder, start - timedelta(days=DAYS_BEFORE))
    command = [
        *(sys.executable, "-c", COMMAND, "camera", "teach", FORD, "--pictures", str(pictures), "--labels", str(labels)),
        *("--accept", "--by", BY),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = " ".join((done.stderr or done.stdout).split()) or f"exit {done.returncode}"
        raise StackError(f"Không dạy được camera {FORD}: {why}", f"Camera {FORD} could not be taught: {why}")
    return done.stdout.strip().splitlines()


def prepare(folder: Path, midnight: datetime) -> tuple[Path, Path]:
    """The folder of pictures, each named by its time, and the file of labels, as a person would leave them."""
    shutil.rmtree(folder, ignore_errors=True)
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    said = []
    for number, lesson in enumerate(lessons()):
        at = midnight + timedelta(seconds=lesson.second)
        # Several lessons have the same moment: their number keeps the names apart, and their order.
        name = f"{number:03d}_{at:%Y%m%dT%H%M%S}_{lesson.state}.jpg"
        (pictures / name).write_bytes(jpeg(lesson.picture))
        said.append({"picture": name, "zone": ROAD, "state": lesson.state})
    labels = folder / "labels.json"
    labels.write_bytes(msgspec.json.format(msgspec.json.encode({"labels": said})))
    return pictures, labels
