"""A picture on its way from a camera to Kafka, and the one place each camera has for its newest."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes as the camera (or our encoder) made them, and when they were taken."""

    at: datetime
    content_type: str
    data: bytes


@dataclass(slots=True)
class Counts:
    """What happened to a camera's pictures; told every minute."""

    taken: int = 0
    sent: int = 0
    dropped: int = 0
    """Taken, and replaced by a newer one before it could be sent; or refused by Kafka."""
    connects: int = 0
    failures: int = 0


@dataclass(slots=True)
class Slot:
    """The newest picture of one camera. A newer one takes its place: an old picture is never waited for."""

    counts: Counts = field(default_factory=Counts)
    _newest: Picture | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, picture: Picture) -> None:
        """Leave a picture; one that still lies there is dropped."""
        with self._lock:
            self.counts.taken += 1
            if self._newest is not None:
                self.counts.dropped += 1
            self._newest = picture

    def take(self) -> Picture | None:
        """The newest picture, once."""
        with self._lock:
            found, self._newest = self._newest, None
            return found
