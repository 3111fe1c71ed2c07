"""Read the snapshots of a flow's memory, also those that a version before wrote: classes have moved since.

A snapshot names the classes of what it holds by module; what was renamed is found under its new name here, so that an upgrade starts on the
recovery store that is there.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

MOVED = {
    ("models.payments.book", "Shard"): ("models.payments.posting", "Shard"),
}
"""(module, class) as it was written -> where it is now."""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return super().find_class(*MOVED.get((module, name), (module, name)))


def read(snapshot: bytes) -> Any:
    """What `pickle.dumps` made of a memory; from our own recovery store only."""
    return _Reader(io.BytesIO(snapshot)).load()
