"""The cameras of the storm day: their films, the server that plays them, the bad frames among them, and the truth."""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
from ruamel.yaml import YAML

from infra.rehearsal.demo import bad_frames, flood_eyes
from infra.rehearsal.demo.accounting import Gap
from infra.rehearsal.demo.streams import sent_gap
from infra.rehearsal.simulator import film, rtsp
from infra.rehearsal.simulator.film import Shot
from infra.rehearsal.simulator.scene.camera import VIEWS, render
from infra.rehearsal.simulator.scene.flood_cameras import CAMERAS, DARK, show
from infra.rehearsal.simulator.storm_day import CURVE_STEP_MIN
from infra.rehearsal.simulator.truth import Crossing, Truth
from infra.run.stack.voice import tell
from models.alerting.alert import Kind
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
RIVER, RIVER_STEP_S = "river_level", CURVE_STEP_MIN * 60
FROZEN = ("duong-la-van", 9.5, 13.0)
"""This camera sends one and the same picture between these hours."""


@dataclass(frozen=True, slots=True)
class Cameras:
    """Where the films are and what is true in them; `at` is (second of the day, people or None) by camera."""

    folder: Path
    truth: dict[str, list[tuple[float, int | None]]]


def configure(source: Path, to: Path, speed: float) -> None:
    """The commune's folder for this play: its cameras at the play's rate, their deadlines in this day's time, and those that see the flood."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to)
    flood_eyes.write(to, _gauge(to))
    path = to / "cameras.yaml"
    if not path.exists():
        return
    yaml = YAML()
    found = yaml.load(path)
    for camera in found["cameras"]:
        camera["rate_per_s"] = float(flood_eyes.fps(str(camera["id"]), FPS))
        camera["silent_after_s"] = round(SILENT_REAL_S * speed)
        camera["frozen_after_s"] = round(FROZEN_REAL_S * speed)
    yaml.dump(found, path)


def _gauge(folder: Path) -> str | None:
    """The station that measures the river, if the commune has one."""
    stations = YAML(typ="safe", pure=True).load(folder / "stations.yaml")["stations"]
    measured = [(str(one["id"]), code["code"]) for one in stations for code in one["parameters"]]
    return next((name for name, code in measured if code == RIVER), None)


def make(
    commune: Commune,
    folder: Path,
    speed: float,
    hours: int = 24,
    river: Sequence[float] | None = None,
    kept: Path | None = None,
) -> Cameras:
    """Render the films (of the day's first `hours`) of the cameras that the simulator knows, two at a time.

    `river`: the gauge's true level (m) every RIVER_STEP_S seconds from the day's start; None: no river, no films of its cameras.
    `kept`: a folder in which films stay for the next play; those that this version rendered of the same day are taken from there.
    """
    known = [camera.id for camera in commune.cameras if camera.id in VIEWS]
    if river is not None:
        # The dearest first: else one of the two would be left with it at the end.
        known = [camera.id for camera in commune.cameras if camera.id in CAMERAS] + known
    shutil.rmtree(folder, ignore_errors=True)
    jobs = [_Job(name, folder, speed, hours, tuple(river or ())) for name in known]
    own = None if kept is None else kept / _mark(jobs)
    if own is not None and own.is_dir():
        shutil.copytree(own, folder)
    else:
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(_film, jobs))
        if own is not None:
            half = own.with_suffix(".half")  # a play that is ended here leaves no folder that looks whole
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(folder, half)
            half.rename(own)
    true = {name: film.truth(folder / name) for name in known}
    return Cameras(folder, {camera.id: true[camera.id] for camera in commune.cameras if camera.id in true})


class _Job(NamedTuple):
    """One film to make."""

    name: str
    folder: Path
    speed: float
    hours: int
    river: tuple[float, ...]


def _mark(jobs: Sequence[_Job]) -> str:
    """The same for the same films: of what they are made, and of the code that renders them."""
    made = hashlib.sha256()
    for job in jobs:
        made.update(repr((job.name, job.speed, job.hours, job.river)).encode())
    room = Path(film.__file__).parent
    for source in sorted([*room.rglob("*.py"), Path(__file__), Path(flood_eyes.__file__)]):
        made.update(source.read_bytes())
    return made.hexdigest()[:16]


def _film(job: _Job) -> None:
    made = _waters(job) if job.name in CAMERAS else _shots(job.name, job.speed, job.hours)
    film.make(made, job.folder / job.name, flood_eyes.fps(job.name, FPS))


def _waters(job: _Job) -> Iterator[Shot]:
    """Where it floods: the river's level of each moment, and what befalls the camera."""
    fps = flood_eyes.fps(job.name, FPS)
    for i in range(round((job.hours * 3600 / job.speed + TAIL_S) * fps)):
        second = i / fps * job.speed
        picture, seen = show(job.name, second, river_at(job.river, second))
        # Nobody walks there, and of a camera that sees nothing nobody can know.
        yield Shot(second, picture, 0 if seen.fault is None else None, seen)


def river_of(truth: Truth) -> list[float] | None:
    """The true level of the day's river gauge; None: the commune has none."""
    return next((curve.values for curve in truth.curves if curve.parameter == RIVER), None)


def river_at(river: Sequence[float], second: float) -> float:
    """The level (m) at a second of the day, between two of its values by a straight line."""
    return float(np.interp(second / RIVER_STEP_S, range(len(river)), river))


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
        self._over = False
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

    def check(self) -> None:
        """Begin the server anew where it has ended: it goes by the play's clock. Raises StackError when it does not start."""
        if self._server is not None and not self._over and self._server.ended():
            tell("Máy chủ RTSP đã dừng và được khởi động lại", "The RTSP server has ended and was begun anew")
            self._server.start()

    def step(self, at: datetime, alive: Callable[[], None]) -> None:
        """It is `at`: send the bad frames when they are due. `alive` raises when Kafka will not come back."""
        if self._bad_at is not None and at >= self._bad_at:
            self._bad_at = None
            self.rejected = bad_frames.publish(
                self._stage.settings, next(iter(self._cameras.truth)), at, alive
            )

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
        due = dict(self.rejected)
        if DARK in self.cameras and frames.rejected.get(Reason.NOTHING_TO_SEE):
            # In the dark pictures come out of one colour as the encoder likes: each is refused by name, how many nobody can say.
            found_dark = frames.rejected[Reason.NOTHING_TO_SEE]
            due[Reason.NOTHING_TO_SEE] = max(found_dark, due.get(Reason.NOTHING_TO_SEE, 0))
        if frames.rejected != due:
            gaps.append(Gap(f"khung hình bị loại: đúng ra {due}, thấy {frames.rejected}",
                            f"rejected frames: expected {due}, found {frames.rejected}"))  # fmt: skip
        if self._cameras.truth and not frames.stored:
            gaps.append(Gap("không có khung hình nào được xem", "no frame was observed"))
        return gaps

    def end(self) -> None:
        """No more films: the day is over. Harmless when repeated."""
        self._over = True
        if self._server is not None:
            self._server.stop()

    def __enter__(self) -> Projector:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()


def crossings(commune: Commune, cameras: Cameras, start: datetime) -> list[Crossing]:
    """When the films truly reach the levels of the zones; a zone here is the whole ground."""
    found = []
    for camera in commune.cameras:
        seen = [(at, people) for at, people in cameras.truth.get(camera.id, []) if people is not None]
        for zone in camera.zones:
            for level in zone.levels if zone.analytic.kind is Kind.CROWD else ():
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
