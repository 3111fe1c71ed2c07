"""Sub-indices of VN_WQI (Decision 1460/QD-TCMT of 12 November 2019), and whether they make an index.

Which form of the final product is the legal default could not be read from the Decision's own text, so it is an argument.
"""

from __future__ import annotations

import enum
import itertools
import math
from typing import TYPE_CHECKING

import msgspec

from models.envelope.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCORES = (100.0, 75.0, 50.0, 25.0, 10.0)
FALLING: dict[str, tuple[float, float, float, float, float]] = {
    "bod5": (4, 6, 15, 25, 50),
    "cod": (10, 15, 30, 50, 150),
    "toc": (4, 6, 15, 25, 50),
    "nitrate_n": (2, 5, 10, 15, 15),
    "phosphate_p": (0.1, 0.2, 0.3, 0.5, 4),
    "coliform": (2500, 5000, 7500, 10_000, 10_000),
    "e_coli": (20, 50, 100, 200, 200),
    "arsenic": (0.01, 0.02, 0.05, 0.1, 0.1),
    "copper": (0.1, 0.2, 0.5, 1, 2),
    "zinc": (0.5, 1, 1.5, 2, 3),
}
"""Breakpoints of 100, 75, 50, 25, 10; linear between, 10 beyond the last; mg/L, coliforms per 100 mL."""
STEPPED: dict[str, tuple[float, float, float, float]] = {
    "ammonium_n": (0.3, 0.6, 0.9, 5),
    "cadmium": (0.005, 0.008, 0.01, 0.1),
    "lead": (0.02, 0.04, 0.05, 0.5),
    "chromium_vi": (0.02, 0.04, 0.05, 0.1),
    "mercury": (0.001, 0.0015, 0.002, 0.01),
}
"""Below the first 100, at it 75, then 50, 25, 10: a step where detection begins."""
STRICT: dict[str, float] = {
    "nitrite_n": 0.05, "aldrin": 0.1, "bhc": 0.02, "dieldrin": 0.1, "ddt": 1.0, "heptachlor": 0.2,
}  # fmt: skip
"""Within 100, else 10; nitrite in mg/L, pesticides in ug/L."""
ACIDITY = ((5.5, 50.0), (6.0, 100.0), (8.5, 100.0), (9.0, 50.0))
SATURATION = (
    (20.0, 25.0), (50.0, 50.0), (75.0, 75.0), (88.0, 100.0), (112.0, 100.0), (125.0, 75.0), (150.0, 50.0), (200.0, 25.0),
)  # fmt: skip
WORST = 10.0


class Group(enum.IntEnum):
    """The Decision's groups of parameters."""

    ACIDITY = 1
    PESTICIDES = 2
    METALS = 3
    ORGANIC = 4
    MICROBES = 5


GROUPS: dict[Group, frozenset[str]] = {
    Group.ACIDITY: frozenset({"ph"}),
    Group.PESTICIDES: frozenset({"aldrin", "bhc", "dieldrin", "ddt", "heptachlor"}),
    Group.METALS: frozenset({"arsenic", "cadmium", "lead", "chromium_vi", "copper", "zinc", "mercury"}),
    Group.ORGANIC: frozenset(
        {"oxygen_saturation", "bod5", "cod", "toc", "ammonium_n", "nitrate_n", "nitrite_n", "phosphate_p"}
    ),
    Group.MICROBES: frozenset({"coliform", "e_coli"}),
}
LEAST_GROUPS, LEAST_ORGANIC = 3, 3


class Variant(enum.StrEnum):
    """How groups IV and V are joined: weighted (IV² V)^(1/3), or plain (IV V)^(1/2)."""

    WEIGHTED = "weighted"
    PLAIN = "plain"


class Wqi(msgspec.Struct, frozen=True):
    """Sub-indices and, where the groups suffice, the index; else `value` is None and `lacking` says what is missing."""

    value: int | None
    parts: dict[str, float]
    lacking: list[str]

    @property
    def vi(self) -> str:
        """What may be published."""
        if self.value is not None:
            return f"VN_WQI {self.value}"
        return f"Chỉ số một phần, không phải VN_WQI: thiếu {'; '.join(self.lacking)}"


def subindex(parameter: str, value: float) -> float:
    """The sub-index of one parameter, 10 to 100; KeyError for one that the Decision does not have."""
    if parameter == "ph":
        return _through(ACIDITY, value)
    if parameter == "oxygen_saturation":
        return _through(SATURATION, value)
    if parameter in STRICT:
        return SCORES[0] if value <= STRICT[parameter] else WORST
    if parameter in STEPPED:
        points = STEPPED[parameter]
        return SCORES[0] if value < points[0] else _fall(points, SCORES[1:], value)
    return _fall(FALLING[parameter], SCORES, value)


def _fall(points: Sequence[float], scores: Sequence[float], value: float) -> float:
    """Linear between breakpoints; two breakpoints at one place are a step down after it."""
    if value <= points[0]:
        return scores[0]
    for i in range(1, len(points)):
        if value <= points[i] and points[i] > points[i - 1]:
            share = (value - points[i - 1]) / (points[i] - points[i - 1])
            return scores[i - 1] + share * (scores[i] - scores[i - 1])
    return WORST


def _through(points: Sequence[tuple[float, float]], value: float) -> float:
    """Linear between the points; outside them the worst."""
    if not points[0][0] <= value <= points[-1][0]:
        return WORST
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        if value <= x2:
            return y1 + (value - x1) / (x2 - x1) * (y2 - y1)
    raise AssertionError(value)


def wqi(values: Mapping[str, float | None], variant: Variant) -> Wqi:
    """The index from the values of one sample; unknown ones are None and count nowhere.

    At least three groups, among them IV with at least three parameters, else there is no index.
    """
    parts = {one: subindex(one, value) for one, value in values.items() if value is not None}
    groups = {
        group: [parts[member] for member in sorted(members & parts.keys())]
        for group, members in GROUPS.items()
    }
    present = sum(bool(found) for found in groups.values())
    organic = groups[Group.ORGANIC]
    lacking = []
    if present < LEAST_GROUPS:
        lacking.append(f"{present}/{LEAST_GROUPS} nhóm (groups)")
    if len(organic) < LEAST_ORGANIC:
        lacking.append(f"{len(organic)}/{LEAST_ORGANIC} thông số nhóm IV (parameters of group IV)")
    if lacking:
        return Wqi(None, parts, lacking)
    factor = math.prod(
        math.prod(found) ** (1 / len(found)) / 100
        for group, found in groups.items()
        if found and group in (Group.ACIDITY, Group.PESTICIDES, Group.METALS)
    )
    fourth = sum(organic) / len(organic)
    return Wqi(half_up(factor * _join(fourth, groups[Group.MICROBES], variant)), parts, [])


def _join(fourth: float, microbes: Sequence[float], variant: Variant) -> float:
    if not microbes:
        return fourth
    fifth = sum(microbes) / len(microbes)
    return (fourth**2 * fifth) ** (1 / 3) if variant is Variant.WEIGHTED else math.sqrt(fourth * fifth)
