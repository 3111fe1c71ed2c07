"""Snapshots of a flow's memory: what is written for the recovery store, and read again by a later version.

A snapshot names the classes of its objects by module. Where a module has moved since, MOVED says where it stands now, so that the
state of an earlier version is taken over. A row goes when no recovery store of that version can be left.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

import msgspec

from models.alerting.alert import AlertChange

MOVED = {
    # Up to 0.1 (2026-11).
    "models.rejected": "models.envelope.rejected",
    "models.telemetry.reading": "models.envelope.reading",
    "models.payments.book": "models.posting.post",
    "models.river.rise": "models.envelope.recent",
    "models.telemetry.link": "models.places.link",
    "models.telemetry.scene": "models.places.scene",
    "models.telemetry.testimonies": "models.places.testimonies",
    "models.telemetry.witnesses": "models.places.witnesses",
    "models.vision.batch": "models.cameras.batch",
    "models.vision.memory": "models.cameras.memory",
}
"""Modules that have moved: where they stood, where they stand."""


class _ByPosition:
    """Stands for a class whose fields had an order when the snapshot was written, and have names only since."""

    def __init__(self, made: type[msgspec.Struct]) -> None:
        self.made = made

    def __call__(self, *values: object) -> msgspec.Struct:
        return self.made(**dict(zip(self.made.__struct_fields__, values, strict=False)))


def _rebuild(made: _ByPosition | type[msgspec.Struct], values: dict[str, object]) -> msgspec.Struct:
    """As msgspec's own: such a class is written by the names of its fields now."""
    return (made.made if isinstance(made, _ByPosition) else made)(**values)


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("msgspec._utils", "rebuild"):
            return _rebuild
        found = super().find_class(MOVED.get(module, module), name)
        return _ByPosition(found) if found is AlertChange else found


def dumps(memory: object) -> bytes:
    """The memory as bytes of now: Bytewax may write them after the next batch has changed the object."""
    return pickle.dumps(memory, protocol=5)


def loads(snapshot: bytes) -> Any:
    """The memory that `dumps` of this or an earlier version has written. Only for our own recovery store: it makes objects."""
    return _Reader(io.BytesIO(snapshot)).load()
