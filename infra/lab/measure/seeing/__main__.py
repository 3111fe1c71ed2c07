"""The table of faults and healthy clips: `python -m infra.lab.measure.seeing --data ../shared/data [--held] [--clips 'vtest;night']`.

One clip after another, each told as soon as it is known: first what was told of it healthy, then of each fault. `--part` does only one of
both. Pictures are made once for both paces, and of a fault no more of them than it takes to be told.
"""

from __future__ import annotations

import argparse
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from infra.lab.measure.seeing.bench import AFTER, SEEN, glance, jpeg, play
from infra.lab.measure.seeing.clips import Clip, every
from infra.lab.measure.seeing.faults import STILL
from infra.lab.measure.seeing.whole import kinds, whole
from models.envelope.reading import Flag

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.lab.measure.seeing.bench import Picture, Seen
    from models.cameras.memory import CameraState

SLOW = 30
"""Pictures of a healthy clip at the slow pace: five minutes."""


def healthy(clip: Clip, see: Callable[[int], Seen]) -> str:
    """What was told of a healthy clip, which should be nothing; by pace."""
    said = []
    for every_s in AFTER:
        number = clip.number if every_s == min(AFTER) or not clip.goes_on else min(SLOW, clip.number)
        told = play((see(clip.second(i, every_s)) for i in range(number)), every_s)
        flags = [sum(flag == one for flag in told.flags) for one in (Flag.UNKNOWN, Flag.SUSPECT)]
        raised = "".join(f"; at {at:.0f} s {kind}: {why}" for at, kind, why in told.raised)
        said.append(f"{len(told.raised)} told, {flags[0]} unknown, {flags[1]} suspect of {number}{raised}")
    return " | ".join(said)


def learned(see: Callable[[int], Seen], seen: int) -> dict[float, CameraState]:
    """What a camera remembers after so many pictures; by pace."""
    return {every_s: play((see(i) for i in range(seen)), every_s).state for every_s in AFTER}


def fault(see: Callable[[int], Seen], states: dict[float, CameraState], seen: int) -> str:
    """After how many seconds a fault was told and as what, or how many of its pictures were unknown or suspect; by pace."""
    said = []
    for every_s, number in AFTER.items():
        state = deepcopy(states[every_s])
        flags: list[int | None] = []
        for i in range(number):
            told = play([see(i)], every_s, (seen + i) * every_s, state)
            flags += told.flags
            if told.raised:
                said.append(f"{i * every_s:.0f} s {told.raised[0][1]}: {told.raised[0][2]}")
                break
        else:
            unknown, suspect = (sum(flag == one for flag in flags) for one in (Flag.UNKNOWN, Flag.SUSPECT))
            said.append(f"not told, {unknown} unknown, {suspect} suspect of {number}")
    return " | ".join(said)


def looked_at(make: Callable[[int], Picture]) -> Callable[[int], Seen]:
    """What the flow would know of each picture; made once."""
    return cache(lambda i: glance(jpeg(make(i))))


def table(clip: Clip, part: str, wanted: list[str]) -> None:
    """Print the lines of a clip."""
    see = looked_at(lambda i: clip.at(i, STILL))
    if part != "faults":
        print(f"{clip.name} | healthy | {healthy(clip, see)}", flush=True)
    if part == "healthy":
        return
    seen = min(SEEN, clip.number - 6)
    states = learned(see, seen)
    for name in kinds():
        if any(each in name for each in wanted):
            print(
                f"{clip.name} | {name} | {fault(looked_at(whole(clip, name, seen)), states, seen)}",
                flush=True,
            )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--clips", default="", help="parts of names, by semicolon")
    parser.add_argument("--faults", default="", help="parts of names, by semicolon")
    parser.add_argument("--part", choices=("both", "healthy", "faults"), default="both")
    given = parser.parse_args()
    for clip in every(given.data):
        if clip.held == given.held and any(each in clip.name for each in given.clips.split(";")):
            table(clip, given.part, given.faults.split(";"))


if __name__ == "__main__":
    main()
