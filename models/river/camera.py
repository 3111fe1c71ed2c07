"""What a camera at the river says: flood, no flood, or nothing, when it is dark, dazzled or blind.

A net that looks for water finds it everywhere in a black picture: the river camera in our recordings
is full of "water" every night from 20:00 to 05:00. So night and a full picture are
"unknown", and so is a picture without any water: a camera at a river that sees no river looks elsewhere.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple

import msgspec

from models.envelope.bilingual import Bilingual
from models.river.witness import State


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the picture with `pixels`; a flood covers `flood_share` of it or more, in clear daylight."""

    pixels: int
    flood_share: float


class WaterRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Night is from the hour `night_from` to the end of the hour `night_to`, the camera's own local time.

    From `full_share` of a region on the picture is saturated, below `empty_share` it is blind.
    """

    regions: tuple[Region, ...]
    night_from: int
    night_to: int
    full_share: float
    empty_share: float


class Sight(enum.Enum):
    """Why a picture counts or does not; the value is what people read."""

    FLOOD = Bilingual("ảnh: nước trên mức ngập", "picture: water above the flood mark")
    CALM = Bilingual("ảnh: nước dưới mức ngập", "picture: water below the flood mark")
    NIGHT = Bilingual("ảnh đêm, không xét", "picture at night, not judged")
    FULL = Bilingual("ảnh bão hòa, không xét", "saturated picture, not judged")
    EMPTY = Bilingual("ảnh không thấy nước sông, không xét", "no river in the picture, not judged")
    SPLIT = Bilingual("các vùng ảnh trái nhau, không xét", "regions of the picture disagree, not judged")


class WaterJudgement(NamedTuple):
    """What the camera says as a witness, and why."""

    state: State
    sight: Sight


_STATES = {Sight.FLOOD: State.FLOOD, Sight.CALM: State.NO_FLOOD}


def seen(rule: WaterRule, local: datetime, water_pixels: tuple[int, ...]) -> WaterJudgement:
    """Judge the water pixels of each region, taken at the camera's `local` time.

    Raises ValueError if there are more or fewer counts than regions.
    """
    shares = [count / region.pixels for count, region in zip(water_pixels, rule.regions, strict=True)]
    sight = _sight(rule, local, shares)
    return WaterJudgement(_STATES.get(sight, State.UNKNOWN), sight)


def _sight(rule: WaterRule, local: datetime, shares: list[float]) -> Sight:
    if dark(rule, local.hour):
        return Sight.NIGHT
    if max(shares) >= rule.full_share:
        return Sight.FULL
    if min(shares) < rule.empty_share:
        return Sight.EMPTY
    beyond = {share >= region.flood_share for share, region in zip(shares, rule.regions, strict=True)}
    if len(beyond) > 1:
        return Sight.SPLIT
    return Sight.FLOOD if True in beyond else Sight.CALM


def dark(rule: WaterRule, hour: int) -> bool:
    """Whether a local hour (0-23) belongs to the night, which may or may not pass midnight."""
    if rule.night_from <= rule.night_to:
        return rule.night_from <= hour <= rule.night_to
    return hour >= rule.night_from or hour <= rule.night_to
