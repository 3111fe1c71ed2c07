"""The cameras of the storm day: their films, the server that plays them, the bad frames among them, and the truth."""

from __future__ import annotations

import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from ruamel.yaml import YAML

from infra.rehearsal.demo import bad_frames
from infra.rehearsal.demo.accounting import Gap
from infra.rehearsal.demo.streams import sent_gap
from infra.rehearsal.simulator import film, rtsp
from infra.rehearsal.simulator.film import Shot
from infra.rehearsal.simulator.scene.camera import VIEWS, render
from infra.rehearsal.simulator.truth import Crossing, Truth
from models.alerting.alert import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infra.rehearsal.demo.stage import Stage
    from infra.rehearsal.demo.streams import Ends
    from models.commune.configuration import Commune

FPS = 2
DAY_S = 86400
TAIL_S = 6.0
"""The films go on a little longer than the day, so that no camera is lost before its end."""
SILENT_REAL_S = 8.0
"""In the demo a camera is silent after so many real seconds: connecting takes three, 43 minutes of its day."""
FROZEN_REAL_S = 5.0
"""And frozen: ten pictures."""
BAD_AFTER = timedelta(hours=9)
"""Into the day."""
FROZEN = ("duong-la-van", 9.5, 13.0)
"""This camera sends one and the same picture between these hours."""


@dataclass(frozen=True, slots=True)
class Cameras:
    """Where the films are and what is true in them; `at` is (second of the day, people or None) by camera."""

    folder: Path
    truth: dict[str, list[tuple[float, int | None]]]


def configure(source: Path, to: Path, speed: float) -> None:
    """The commune's folder for this play: its cameras twice a second, their deadlines in this day's time."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to)
    path = to / "cameras.yaml"
    if not path.exists():
        return
    yaml = YAML()
    found = yaml.load(path)
    for camera in found["cameras"]:
        camera["rate_per_s"] = float(FPS)
        camera["silent_after_s"] = round(SILENT_REAL_S * speed)
        camera["frozen_after_s"] = round(FROZEN_REAL_S * speed)
    yaml.dump(found, path)


def make(commune: Commune, folder: Path, speed: float, hours: int = 24) -> Cameras:
    """Render the films (of the day's first `hours`) of the cameras that the simulator knows, two at a time."""
    known = [camera.id for camera in commune.cameras if camera.id in VIEWS]
    shutil.rmtree(folder, ignore_errors=True)
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_film, known, [folder] * len(known), [speed] * len(known), [hours] * len(known)))
    return Cameras(folder, {name: film.truth(folder / name) for name in known})


def _film(name: str, folder: Path, speed: float, hours: int) -> None:
    film.make(_shots(name, speed, hours), folder / name, FPS)


def _shots(name: str, speed: float, hours: int) -> Iterator[Shot]:
    view, (frozen, since, until) = VIEWS[name], FROZEN
    kept = None
    for i in range(round((hours * 3600 / speed + TAIL_S) * FPS)):
        second = i / FPS * speed
        if name == frozen and since * 3600 <= second < until * 3600:
            kept = render(view, since * 3600)[0] if kept is None else kept
            yield Shot(second, kept, None)
        else:
            picture, boxes = render(view, second % DAY_S)
            yield Shot(second, picture, len(boxes))


class Projector:
    """Plays the films while the day runs, and puts bad frames among them; ends with the day."""

    def __init__(self, stage: Stage, cameras: Cameras) -> None:
        self._stage, self._cameras = stage, cameras
        self._server: rtsp.Server | None = None
        self._bad_at: datetime | None = None
        self.rejected: dict[str, int] = {}
        """What must be rejected, by reason."""

    def begin(self, start: datetime, clock: Path) -> None:
        """Tell the stage where its cameras are: the server's addresses, else the films' own folder.

        They are shown by the play's clock in the file `clock`; `start` is its first moment.
        """
        own = self._stage.settings
        server = str(self._cameras.folder)
        if self._cameras.truth and rtsp.available():
            log = own.var / "logs" / "rtsp.log"
            self._server = rtsp.Server(self._cameras.folder, own.rtsp_port, clock, log)
            server = self._server.address
        self._stage.settings = own.model_copy(update={"camera_server": server})
        if self._cameras.truth:
            self._bad_at = start + BAD_AFTER

    def step(self, at: datetime) -> None:
        """It is `at`: send the bad frames when they are due."""
        if self._bad_at is not None and at >= self._bad_at:
            self._bad_at = None
            self.rejected = bad_frames.publish(self._stage.settings, next(iter(self._cameras.truth)), at)

    @property
    def cameras(self) -> list[str]:
        """Those that play a film."""
        return list(self._cameras.truth)

    def sent(self) -> int:
        """Frames that the cameras' process and the forger have sent by now."""
        path = self._stage.settings.var / "cameras.json"
        counts = (
            msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, int]]) if path.exists() else {}
        )
        return sum(count["sent"] for count in counts.values()) + sum(self.rejected.values())

    def gaps(self, sent: int, found: list[Ends]) -> list[Gap]:
        """Every frame that was `sent` is in Kafka (counted after it), and what was bad is rejected by its name."""
        (frames,) = [ends for ends in found if ends.topic == "frames"]
        gaps = sent_gap(frames, sent)
        if frames.rejected != self.rejected:
            gaps.append(Gap(f"khung hình bị loại: đúng ra {self.rejected}, thấy {frames.rejected}",
                            f"rejected frames: expected {self.rejected}, found {frames.rejected}"))  # fmt: skip
        if self._cameras.truth and not frames.stored:
            gaps.append(Gap("không có khung hình nào được xem", "no frame was observed"))
        return gaps

    def __enter__(self) -> Projector:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.stop()


def crossings(commune: Commune, cameras: Cameras, start: datetime) -> list[Crossing]:
    """When the films truly reach the levels of the zones; a zone here is the whole ground."""
    found = []
    for camera in commune.cameras:
        seen = [(at, people) for at, people in cameras.truth.get(camera.id, []) if people is not None]
        for zone in camera.zones:
            for level in zone.levels:
                over = [(at, people) for at, people in seen if people >= level.raise_at]
                if not over:
                    continue
                peak_at, peak = max(over, key=lambda one: one[1])
                found.append(
                    Crossing(
                        zone.rule(camera.id), Kind.CROWD, camera.id, zone.parameter, level.level, level.name,
                        level.raise_at, "people", start + timedelta(seconds=over[0][0]),
                        start + timedelta(seconds=peak_at), float(peak),
                    )
                )  # fmt: skip
    return found


def with_crowds(truth: Truth, more: list[Crossing]) -> Truth:
    """The day's truth with the crowds of its films."""
    return msgspec.structs.replace(truth, crossings=[*truth.crossings, *more])
