"""Move the state of a flow from the recovery stores of M processes into those of N.

    read all old stores ── by partition ──> write N new ones beside them ── one rename (in-force) ──> the old ones go

A crash before the rename leaves the old stores in force, one after it the new ones; what it left lying is cleared away by the next
move. Nothing is read again and nothing is lost: with each partition go its offset and what is remembered of it, from one store
and one moment, and what was stored after that moment is known by the offsets beside the rows (connectors/timescale/offsets.py).
"""

from __future__ import annotations

import io
import pickle
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

from connectors.recovery.place import Standstill, StateError, folder, in_force, put_in_force, sync
from connectors.recovery.store import Snapshot, read, remove, write
from models.envelope.ownership import Ownership, everyone, owner_of

if TYPE_CHECKING:
    from pathlib import Path

_PARTITION = re.compile(r"(?P<partition>[0-9]+)(/.*)?", re.DOTALL)
"""Keys of what is remembered of a partition (`1`), or of a station in it (`1/phu-oc`)."""
_FOLDER = re.compile(r"[0-9]+-of-[0-9]+")

Stores = dict[Ownership, list[Snapshot]]


class Moved(NamedTuple):
    """What a move did: of how many processes the state was (None: there was none), and snapshots by new owner."""

    before: int | None
    snapshots: dict[Ownership, int]


class _Plain(pickle.Unpickler):
    """Offsets are numbers and strings only: no class is ever loaded."""

    def find_class(self, module: str, name: str) -> Any:
        raise StateError(f"vị trí đọc có {module}.{name}", f"offsets with {module}.{name}")


def move(
    roots: Sequence[Path],
    topic: str,
    number: int,
    partitions: int,
    note: Callable[[str], None] = lambda _: None,
) -> Moved:
    """Move the state of a flow, which reads `topic`, to `number` processes.

    `roots`: the flow's folder; where each process has a disk of its own (Kubernetes), that of the first, the second, ... as many as
    there are before or after. Then the number in force of the first is what holds, and the others follow it. `note` hears of each
    step by its name, before it is taken. Raises StateError where the flow runs, the number cannot be, a disk is missing or a store holds
    what belongs to no partition.
    """
    if not 1 <= number <= partitions:
        raise StateError(
            f"{number} tiến trình cho {partitions} phần: cần từ 1 đến {partitions}",
            f"{number} processes for {partitions} partitions: expected 1 to {partitions}",
        )
    with ExitStack() as still:
        for root in roots:
            still.enter_context(Standstill(root))
        before = in_force(roots[0])
        if before is not None and 1 < len(roots) < max(before, number):
            raise StateError(
                f"cần {max(before, number)} ổ đĩa, thấy {len(roots)}",
                f"expected {max(before, number)} disks, found {len(roots)}",
            )
        new: Stores = {ownership: [] for ownership in everyone(number)}
        if before not in (None, number):
            note("clear")
            _clear(roots, before)
            old = {ownership: read(_folder(roots, ownership)) for ownership in everyone(before)}
            new = divide(roots[0].name, topic, old, number)
            for owner, snapshots in new.items():
                note(f"write {owner.name}")
                write(_folder(roots, owner), snapshots)
                sync(_folder(roots, owner).parent)
        for place, root in enumerate(roots):
            note("in force" if place == 0 else f"in force {place + 1}")
            put_in_force(root, number)
        note("clear old")
        _clear(roots, number)
        return Moved(before, {one: len(read(_folder(roots, one))) for one in new})


def _folder(roots: Sequence[Path], owner: Ownership) -> Path:
    return folder(roots[min(owner.number, len(roots)) - 1], owner)


def _clear(roots: Sequence[Path], number: int) -> None:
    """Remove every store but those of `number` processes."""
    keep = {_folder(roots, ownership) for ownership in everyone(number)}
    for root in roots:
        for path in root.iterdir():
            if path.is_dir() and _FOLDER.fullmatch(path.name) and path not in keep:
                shutil.rmtree(path)
        if root not in keep:
            remove(root)
        sync(root)


def divide(flow: str, topic: str, old: Mapping[Ownership, Iterable[Snapshot]], number: int) -> Stores:
    """The snapshots of `old`, each in exactly one of the stores of `number` processes; the source's offsets are parted by partition.

    What a part of a sink remembers is nothing (None) and stays away. Any other state that belongs to no partition goes to the first
    process; StateError where two old stores have it.
    """
    new: Stores = {ownership: [] for ownership in everyone(number)}
    offsets: dict[int, int] = {}
    source: str | None = None
    loose: dict[tuple[str, str], Snapshot] = {}
    for owner, snapshots in old.items():
        for snapshot in snapshots:
            found = _PARTITION.fullmatch(snapshot.key)
            if snapshot.key == topic and (read_offsets := _offsets(snapshot)) is not None:
                source = snapshot.step
                offsets |= {p: offset for p, offset in read_offsets.items() if owner.owns(p)}
            elif found is not None:
                partition = int(found["partition"])
                if not owner.owns(partition):
                    raise StateError(
                        f"{flow} {owner}: có trạng thái của phần {partition}",
                        f"the store of {owner} holds state of partition {partition}",
                    )
                new[owner_of(partition, number)].append(snapshot)
            elif (
                snapshot.change not in _NOTHING
                and loose.setdefault((snapshot.step, snapshot.key), snapshot) is not snapshot
            ):
                raise StateError(
                    f"{flow}: trạng thái {snapshot.step} {snapshot.key!r} không thuộc phần nào",
                    f"the state {snapshot.step} {snapshot.key!r} belongs to no partition and is in two stores",
                )
    new[Ownership(1, number)] += loose.values()
    if source is not None:
        for owner, snapshots in new.items():
            own = {p: offset for p, offset in sorted(offsets.items()) if owner.owns(p)}
            snapshots.append(Snapshot(source, topic, pickle.dumps(own)))
    return new


_NOTHING = {pickle.dumps(None, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)}


def _offsets(snapshot: Snapshot) -> dict[int, int] | None:
    """The source's next offset of each partition; None where the snapshot is something else (a sink of the same name)."""
    if snapshot.change in _NOTHING:
        return None
    found = _Plain(io.BytesIO(snapshot.change)).load()
    if not isinstance(found, dict) or not all(
        isinstance(each, int) for pair in found.items() for each in pair
    ):
        raise StateError(f"{snapshot.step}: vị trí đọc không rõ", f"offsets of another shape: {found!r}")
    return found
