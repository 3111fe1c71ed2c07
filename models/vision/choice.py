"""Which net a machine can carry: a table of nets, and the largest of them that keeps up with the cameras.

`PHUSA_WEIGHTS=auto` asks for it. Rates are looks a second of two cores of the machine on which they were measured together
(OpenVINO, 8 pictures and more in flight; AMD EPYC, 23 November 2026). Another machine of two cores was 3.5 times slower, so cores alone
say little: what our own net does here, measured at the start, tells how fast this one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

CORES = 2
"""Cores of the machine of the table."""
SPARE = 2.0
"""A net must be able to do twice what the cameras send: the other half is decoding, the flow, the database."""


@dataclass(frozen=True, slots=True)
class Net:
    """`name`: weights of models.vision.weights.KNOWN, None for our own; `size`: pixels; `rate`: looks a second on CORES cores."""

    name: str | None
    size: int
    rate: float


OWN = Net(None, 320, 245.0)
NETS = (
    Net("yolo26n.pt", 640, 84.0),
    Net("yolov8n.pt", 640, 60.0),
    OWN,
)
"""The best first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A net and why it was taken, for the log."""

    net: Net
    vi: str
    en: str


def looks_per_s(net: Net, cores: int, own_rate: float | None) -> float:
    """What a net does on this machine: by what our own does here, else by the cores."""
    return net.rate * (cores / CORES if own_rate is None else own_rate / OWN.rate)


def choose(
    needed_per_s: float, cores: int, own_rate: float | None = None, there: Collection[str] = ()
) -> Choice:
    """The best net that does SPARE times `needed_per_s` looks on a machine of `cores` cores.

    `own_rate`: looks a second that our own net was measured to do here, on all cores. `there`: names of weights that lie on this
    machine and can be opened; our own always does, and is taken where none keeps up.
    """
    wanted = needed_per_s * SPARE
    for net in NETS:
        if net.name is None or net.name not in there:
            continue
        rate = looks_per_s(net, cores, own_rate)
        if rate >= wanted:
            return _said(net, rate, wanted, cores)
    return _said(OWN, looks_per_s(OWN, cores, own_rate), wanted, cores)


def _said(net: Net, rate: float, wanted: float, cores: int) -> Choice:
    name = net.name or "people"
    return Choice(
        net,
        f"{name} {net.size} px: {cores} lõi nhìn được {rate:.0f} ảnh/giây, cần {wanted:.0f}",
        f"{name} at {net.size} px: {cores} cores do {rate:.0f} looks a second, {wanted:.0f} are needed",
    )
