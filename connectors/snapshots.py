"""Snapshots of a flow's memory: what is written for the recovery store, and read again by a later version.

A snapshot names the classes of its objects by module. Where a module has moved since, MOVED says where it stands now, so that the
state of an earlier version is taken over. A row goes when no recovery store of that version can be left.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

MOVED = {
    # Up to 0.1 (2026-11).
    "models.rejected": "models.envelope.rejected",
    "models.telemetry.reading": "models.envelope.reading",
    "models.river.rise": "models.envelope.recent",
    "models.telemetry.link": "models.places.link",
    "models.telemetry.scene": "models.places.scene",
    "models.telemetry.testimonies": "models.places.testimonies",
    "models.telemetry.witnesses": "models.places.witnesses",
    "models.vision.batch": "models.cameras.batch",
    "models.vision.memory": "models.cameras.memory",
}
"""Modules that have moved: where they stood, where they stand."""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return super().find_class(MOVED.get(module, module), name)


def dumps(memory: object) -> bytes:
    """The memory as bytes of now: Bytewax may write them after the next batch has changed the object."""
    return pickle.dumps(memory, protocol=5)


def loads(snapshot: bytes) -> Any:
    """The memory that `dumps` of this or an earlier version has written. Only for our own recovery store: it makes objects."""
    return _Reader(io.BytesIO(snapshot)).load()
