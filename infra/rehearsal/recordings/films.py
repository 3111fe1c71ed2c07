"""The recorded films: their frames go into `frames` with the recording's own times, as a camera's would."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.kafka.sink import KafkaSinkSettings, producer
from connectors.sealing import Seal, key
from infra.rehearsal.recordings.generic import slug
from models.catalogue.analytics import ANALYTICS, Analytic, ZoneKind
from models.envelope.partition import partition_of
from models.vision.camera import Camera, Zone
from models.vision.frame import Frame, about

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg

    from connectors.settings import Settings

ZONE = "all"
WHOLE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
QUALITY = 90
FOR_EVER_S = 10 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Film:
    """A recording: its file, its true rate, when it began (the year is the recording's, the hour is ours)."""

    camera: str
    path: str
    truth: str
    vi: str
    fps: float
    began: datetime
    without: tuple[tuple[tuple[float, float], ...], ...] = ()


FILMS = (
    # The part left out: what a net takes for a person in every frame from 401 on, found from its boxes alone.
    Film("vtest", "crowd/vtest.avi", "crowd/vtest_people_per_frame_1_400.csv", "Sân trường đại học", 7.0,
         datetime(2009, 6, 1, 10, tzinfo=UTC), (((0.0, 0.15), (0.11, 0.15), (0.11, 0.3), (0.0, 0.3)),)),
    Film("tud-campus", "crowd/tud_campus.mp4", "crowd/tud_campus_people_per_frame.csv", "Đường trong trường", 25.0,
         datetime(2008, 6, 1, 10, tzinfo=UTC)),
)  # fmt: skip


class FilmRow(msgspec.Struct, frozen=True):
    """A film and what became of it; `error` is the mean absolute error of the count, None without a truth."""

    file: str
    vi: str
    frames: int
    observed: int
    still: int
    counted: float
    """Mean people a frame, as we count them."""
    true: float | None
    error: float | None
    compared: int
    """Frames that were looked at and have a truth."""


SUFFIXES = frozenset({".avi", ".mp4", ".mkv", ".mov", ".m4v", ".webm"})
FRAME, COUNT = ("frame", "frame_number", "frame_id"), ("people", "persons", "count", "people_count")
"""Names of the columns of a truth: the frame, counted from 1, and how many people are in it."""
UNKNOWN = datetime(2020, 6, 1, 3, tzinfo=UTC)
"""A film does not say when it was taken: ten o'clock of a day in Vietnam, the same for all."""


def present(data: Path) -> list[Film]:
    """The films that are there: the known ones, then films of other names in `crowd`, with their containers' own rate."""
    named = [film for film in FILMS if (data / film.path).exists()]
    known = {data / film.path for film in FILMS}
    taken = {film.camera for film in FILMS}
    found = sorted(
        one for one in (data / "crowd").rglob("*") if one.suffix.lower() in SUFFIXES and one not in known
    )
    others = []
    for path in found:
        rate = _rate(path)
        if rate is not None:
            name = f"phim-{slug(path.stem)}"[:40].strip("-")
            while name in taken:
                name += "-2"
            taken.add(name)
            truth = _truth_beside(path)
            told = "" if truth is None else truth.relative_to(data).as_posix()
            others.append(
                Film(name, path.relative_to(data).as_posix(), told, f"Phim {path.stem}", rate, UNKNOWN)
            )
    return named + others


def _rate(path: Path) -> float | None:
    """Frames a second by the container; None for a file that is no film."""
    import cv2

    tape = cv2.VideoCapture(str(path))
    try:
        rate = float(tape.get(cv2.CAP_PROP_FPS))
        return rate if tape.read()[0] and 0 < rate <= 240 else None
    finally:
        tape.release()


def _truth_beside(path: Path) -> Path | None:
    """The table of people by frame whose name begins as the film's."""
    asked = sorted(path.parent.glob("*.csv"))
    return next((one for one in asked if one.stem.startswith(path.stem) and _people(one)), None)


def camera(film: Film, hamlet: str) -> Camera:
    """A camera whose zone is the whole picture, but for what always stands there."""
    zone = Zone(ZONE, "Tất cả", ZoneKind.COUNT, list(WHOLE), [list(one) for one in film.without])
    return Camera(
        film.camera, film.vi, [hamlet], film.path, [zone], rate_per_s=film.fps, silent_after_s=FOR_EVER_S,
        frozen_after_s=FOR_EVER_S, heartbeat_s=1,
    )  # fmt: skip


def publish(own: Settings, data: Path, films: list[Film], alive: Callable[[], None]) -> dict[str, int]:
    """Send every frame, sealed, at the recording's pace of event time; frames by camera. `alive` raises when Kafka will not come back."""
    seal, encode = Seal(key(own.secrets_dir, "frames")), msgspec.msgpack.Encoder().encode
    out = producer(
        KafkaSinkSettings(
            own.bootstrap, "frames", config={"compression.type": "none", "message.timeout.ms": 0}
        )
    )
    sent: dict[str, int] = {}
    for film in films:
        name = film.camera
        for number, jpeg in enumerate(_jpegs(data / film.path), 1):
            at = film.began + timedelta(seconds=(number - 1) / film.fps)
            frame = Frame(1, name, number, at, "image/jpeg", seal.seal(jpeg, about(name)))
            stamp = round(at.timestamp() * 1000)
            while True:
                try:
                    out.produce("frames", encode(frame), name, partition_of(name), timestamp=stamp)
                    break
                except BufferError:
                    out.poll(1)
                    alive()
            out.poll(0)
            sent[name] = number
    while out.flush(10):
        alive()  # as long as Kafka takes
    return sent


def _jpegs(path: Path) -> Iterator[bytes]:
    import cv2

    tape = cv2.VideoCapture(str(path))
    try:
        while True:
            good, picture = tape.read()
            if not good:
                return
            yield cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    finally:
        tape.release()


def table(
    db: psycopg.Connection[dict[str, Any]], data: Path, films: list[Film], sent: dict[str, int]
) -> list[FilmRow]:
    """What became of each film, its counts against the people that annotators saw."""
    rows = []
    for film in films:
        found = db.execute(
            "SELECT seq, value FROM observation WHERE station = %s AND parameter = %s ORDER BY seq",
            (film.camera, ANALYTICS[Analytic.PEOPLE].prefix + ZONE),
        ).fetchall()
        counts = {row["seq"]: row["value"] for row in found}
        true = _truth(data / film.truth)
        both = [number for number in counts if number in true]
        mean = sum(counts.values()) / max(1, len(counts))
        rows.append(
            FilmRow(
                film.path, film.vi, sent[film.camera], len(counts), sent[film.camera] - len(counts), round(mean, 2),
                round(sum(true[number] for number in both) / len(both), 2) if both else None,
                round(sum(abs(counts[number] - true[number]) for number in both) / len(both), 2) if both else None, len(both),
            )
        )  # fmt: skip
    return rows


def _truth(path: Path) -> dict[int, int]:
    """People by frame, counted from 1; none where the path is no file."""
    return _people(path) if path.is_file() else {}


def _people(path: Path) -> dict[int, int]:
    """The rows of a table that have two whole numbers under the names of a truth; empty for another table."""
    found = {}
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for row in csv.DictReader(file):
            frame, people = (
                next((row[name] for name in names if row.get(name)), "") for names in (FRAME, COUNT)
            )
            if frame.isdigit() and people.isdigit():
                found[int(frame)] = int(people)
    return found
