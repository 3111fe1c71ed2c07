"""Labels on disk: one line of JSON a photograph, by name; many hands may write at once."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import msgspec

from infra.lab.labelling.label import Label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def read(path: Path) -> dict[str, Label]:
    """All labels by name; none while there is no file."""
    if not path.is_file():
        return {}
    lines = path.read_bytes().splitlines()
    labels = (msgspec.json.decode(line, type=Label) for line in lines if line.strip())
    return {label.name: label for label in labels}


def write(path: Path, labels: Iterable[Label]) -> None:
    """Put labels in, each in the place of an older one of its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = read(path) | {label.name: label for label in labels}
        part = path.with_suffix(".part")
        part.write_bytes(b"\n".join(msgspec.json.encode(known[name]) for name in sorted(known)) + b"\n")
        part.replace(path)
