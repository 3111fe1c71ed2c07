"""Who watches the canary and tells the administrator when it is late, by a way that needs nothing of the platform.

It runs beside the page, which waits for no Kafka, no flow and no delivery: what it needs is the store, and where that does not answer
the canary is late too. What was told stands in VAR/run/canary.watch, so that a restart tells nothing twice.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec
import psycopg
import structlog

from connectors import clock
from connectors.administrator import administrator, tell
from connectors.timescale.canary import canary_state
from models.alerting.canary import Watch, said, tidings_text, watch

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from connectors.settings import Settings

log = structlog.get_logger(__name__)

LOOK_S = 20.0
CONNECT_S = 5


class Watcher:
    """One look after the other; `now` is the wall clock, `commune` the name in the messages."""

    def __init__(self, settings: Settings, commune: str, now: clock.Now = clock.system) -> None:
        self._settings, self._commune, self._now = settings, commune, now
        self._path = settings.var / "run" / "canary.watch"
        # What it saw before it was stopped says nothing of now; that the administrator was told does.
        self._own = Watch(now(), told=_told_before(self._path))
        self._nobody = False

    def look(self) -> None:
        """Look once, and tell the administrator what there is to tell; who cannot be told is told at the next look."""
        now = self._now()
        before = self._own
        self._own, tidings = watch(before, self._newest(now), now)
        if tidings is not None:
            subject, text = tidings_text(tidings, self._own.newest, now, self._commune)
            if self._told(subject, text):
                log.warning("administrator_told", tidings=tidings.value)
                self._own = said(self._own, tidings)
        if self._own.told != before.told:
            self._keep()

    def run(self, stopping: threading.Event) -> None:
        """Look until `stopping`."""
        while not stopping.is_set():
            self.look()
            stopping.wait(LOOK_S)

    def _newest(self, now: datetime) -> datetime | None:
        try:
            with psycopg.connect(self._settings.dsn("reader"), connect_timeout=CONNECT_S) as db:
                return canary_state(db, now).sent_at
        except (psycopg.Error, OSError, LookupError) as error:
            log.warning("canary_unread", reason=type(error).__name__)
            return None

    def _told(self, subject: str, text: str) -> bool:
        try:
            own = administrator(self._settings.secrets_dir)
        except (OSError, ValueError) as error:
            log.warning("administrator_unknown", reason=str(error))
            return False
        if not own.reachable:
            if not self._nobody:
                log.error("nobody_to_tell", subject=subject)
            self._nobody = True
            return False
        self._nobody = False
        return tell(own, subject, text)

    def _keep(self) -> None:
        made = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            made.write_bytes(msgspec.json.encode(self._own))
            made.replace(self._path)
        except OSError as error:
            # A full disk must not end the one who would tell of it.
            log.warning("watch_not_kept", reason=str(error))


def _told_before(path: Path) -> bool:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Watch).told
    except (OSError, msgspec.MsgspecError):
        return False


def start(settings: Settings, commune: str) -> None:
    """Watch in a thread that ends with the process; nothing where no canary goes."""
    if settings.sends_canary:
        watcher = Watcher(settings, commune)
        threading.Thread(target=watcher.run, args=(threading.Event(),), name="canary", daemon=True).start()
