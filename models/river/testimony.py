"""How gauge, rain, camera and person become witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.bilingual import Bilingual
from models.river import alarm, rain_risk
from models.river.witness import Kind, State, Testimony

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.river.alarm import AlarmLevel
    from models.river.camera import WaterJudgement
    from models.river.rain_risk import RainRisk

BROKEN = Bilingual("không có số liệu dùng được", "no usable data")


def of_gauge(
    name: str, at_ms: int, level_m: float | None, alarms: Sequence[AlarmLevel], flood_from: int
) -> Testimony:
    """A gauge says flood from alarm level `flood_from` on; without a level it can trust (None) it says nothing."""
    if level_m is None:
        return Testimony(Kind.GAUGE, name, State.UNKNOWN, at_ms, BROKEN)
    reached = alarm.reached(level_m, alarms)
    flooded = reached is not None and reached.number >= flood_from
    words = alarm.sentence(level_m, alarms)
    return Testimony(Kind.GAUGE, name, State.FLOOD if flooded else State.NO_FLOOD, at_ms, words)


def of_rain(name: str, at_ms: int, risk: RainRisk, flood_from: int) -> Testimony:
    """Rain says flood from a band of level `flood_from` on; below it, with gaps, it says nothing."""
    band, total = risk.band, risk.total
    if band is None or total is None:
        if not risk.sure:
            return Testimony(Kind.RAIN, name, State.UNKNOWN, at_ms, BROKEN)
        return Testimony(Kind.RAIN, name, State.NO_FLOOD, at_ms, Bilingual("không mưa lớn", "no heavy rain"))
    said = rain_risk.sentence(total)
    words = Bilingual(f"{band.name_vi}, {said.vi}", f"{band.name_en}, {said.en}")
    if band.level >= flood_from:
        return Testimony(Kind.RAIN, name, State.FLOOD, at_ms, words)
    return Testimony(Kind.RAIN, name, State.NO_FLOOD if risk.sure else State.UNKNOWN, at_ms, words)


def of_camera(name: str, at_ms: int, seen: WaterJudgement) -> Testimony:
    """A camera says what it saw, or why it saw nothing."""
    return Testimony(Kind.CAMERA, name, seen.state, at_ms, seen.sight.value)


def of_person(hamlet: str, at_ms: int, *, flooded: bool | None) -> Testimony:
    """A report from a hamlet; None is an answer that could not be understood."""
    if flooded is None:
        return Testimony(
            Kind.PERSON, hamlet, State.UNKNOWN, at_ms, Bilingual("tin chưa rõ", "not understood")
        )
    words = Bilingual("đang ngập", "flooded") if flooded else Bilingual("không ngập", "not flooded")
    return Testimony(Kind.PERSON, hamlet, State.FLOOD if flooded else State.NO_FLOOD, at_ms, words)
