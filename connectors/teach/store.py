"""What cameras were taught, in the store: written by `phusa camera teach`, read by the running flow, which needs no restart.

The flow asks every POLL_S in a thread of its own, so that the hot path only looks into a dictionary. What was read stays while the store is
away. A process that begins reads once before its first picture: after kill -9 a camera knows what it knew.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec
import psycopg
import structlog

from connectors.timescale.connection import LOST
from models.alerting.change import instant
from models.vision.taught import VERSION, packed, unpacked

if TYPE_CHECKING:
    from models.vision.taught import Taught

POLL_S = 5.0
WAIT_S = 10
"""For a connection; the flow goes on with what it has."""
_NEWEST = """
  select distinct on (camera) camera, at, body from phusa.teaching where accepted order by camera, at desc
"""
log = structlog.get_logger(__name__)


def accept(dsn: str, taught: Taught) -> None:
    """Store what was learned and accepted; it holds at once for the view that it names."""
    with psycopg.connect(dsn, connect_timeout=WAIT_S) as connection:
        connection.execute(
            "insert into phusa.teaching (camera, view, at, by, accepted, body) values (%s, %s, %s, %s, true, %s)",
            (taught.camera, taught.view, instant(taught.at_ms), taught.by, packed(taught)),
        )


def forget(dsn: str, camera: str) -> int:
    """Take back all that a camera was taught; how many teachings that were."""
    with psycopg.connect(dsn, connect_timeout=WAIT_S) as connection:
        return connection.execute(
            "update phusa.teaching set accepted = false where camera = %s and accepted", (camera,)
        ).rowcount


def newest(dsn: str) -> dict[str, Taught]:
    """What each camera knows now; what this version cannot read is left out and told."""
    with psycopg.connect(dsn, connect_timeout=WAIT_S) as connection:
        rows = connection.execute(_NEWEST).fetchall()
    found = {}
    for camera, at, body in rows:
        try:
            taught = unpacked(body)
        except msgspec.MsgspecError as error:
            log.warning("teaching_unreadable", camera=camera, at=at.isoformat(), error=str(error))
            continue
        if taught.v == VERSION:
            found[camera] = taught
    return found


class Teachings:
    """Camera -> what it was taught, as of at most POLL_S ago."""

    def __init__(self, dsn: str, every_s: float = POLL_S) -> None:
        self._dsn, self._every_s = dsn, every_s
        self._known: dict[str, Taught] = {}
        self._stopping = threading.Event()
        self._well = True
        self._read()
        threading.Thread(target=self._follow, name="teachings", daemon=True).start()

    def __call__(self, camera: str) -> Taught | None:
        """What the camera was taught; None: nothing."""
        return self._known.get(camera)

    def close(self) -> None:
        """Ask no more."""
        self._stopping.set()

    def _follow(self) -> None:
        while not self._stopping.wait(self._every_s):
            self._read()

    def _read(self) -> None:
        try:
            known = newest(self._dsn)
        except LOST as error:
            if self._well:
                log.warning("teachings_not_read", error=str(error))
            self._well = False
            return
        self._well = True
        for camera in known.keys() - self._known.keys():
            log.info("camera_taught", camera=camera, by=known[camera].by)
        # One assignment: who asks meanwhile sees the old or the new, never half of it.
        self._known = known
