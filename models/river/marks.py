"""What the river reaches at which level of its gauge (marks.yaml): floods of the past, a ford, a road, a school, a house."""

from __future__ import annotations

import enum

import msgspec

from models.river.configuration import Code

ASSUMED = "assumed"
"""The source of a mark that nobody has measured yet; screens say so."""


class MarkKind(enum.StrEnum):
    """What a mark is; `alarm` is no mark of this file, the alarm levels come from the rules."""

    FLOOD = "flood"
    FORD = "ford"
    ROAD = "road"
    SCHOOL = "school"
    MARKET = "market"
    HOUSE = "house"
    OTHER = "other"


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At `level` m of the gauge `gauge` the water is at what `vi`, `en` name.

    `source` says who measured or wrote it, or is the word `assumed`.
    """

    gauge: Code
    level: float
    vi: str
    en: str
    kind: MarkKind
    source: str
