"""Which photograph is learned from and which is only measured on: by its name, for ever."""

from __future__ import annotations

import enum
import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

TEST, CALIBRATION = 25, 12
"""Of 100: never opened by the training; and only for the probability's scale and for choosing among ideas."""
ALIKE = 5
"""Of 64 bits: pictures that differ in fewer are one photograph, cropped or saved anew. Among the 322 street photographs the nearest two differ in 7, and are strangers."""
_SIDE = 8


class Part(enum.StrEnum):
    """What a photograph is for."""

    LEARN = "learn"
    CALIBRATE = "calibrate"
    TEST = "test"


def part(group: str) -> Part:
    """Of a group of photographs, by its name."""
    number = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % 100
    if number < TEST:
        return Part.TEST
    return Part.CALIBRATE if number < TEST + CALIBRATION else Part.LEARN


def fingerprint(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """64 bits: whether it grows brighter to the right, in 8 x 8 places of the picture (h, w, 3, BGR)."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (_SIDE + 1, _SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.asarray(small[:, 1:] > small[:, :-1]).ravel()


def groups(prints: Mapping[str, NDArray[np.bool_]]) -> dict[str, str]:
    """The group of each name: names of one place (`dry_osfm_…` is one walk) and pictures that are alike, together."""
    names = sorted(prints)
    group = {name: _place(name) for name in names}
    bits = np.array([prints[name] for name in names])
    for i, name in enumerate(names):
        for j in np.flatnonzero((bits[i + 1 :] != bits[i]).sum(axis=1) < ALIKE):
            _join(group, group[name], group[names[i + 1 + int(j)]])
    return group


def _place(name: str) -> str:
    return "dry_osfm" if name.startswith("dry_osfm") else name


def _join(group: dict[str, str], a: str, b: str) -> None:
    first = min(a, b)
    for name, its in group.items():
        if its in (a, b):
            group[name] = first
