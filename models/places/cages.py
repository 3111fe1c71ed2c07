"""Cages: oxygen against its limits, how it goes this night, whether and when the lowest limit is reached before sunrise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.words import PARAMETERS, quantity
from models.catalogue.derived import OXYGEN
from models.envelope.bilingual import Bilingual, figure, span
from models.envelope.period import HOUR_MS
from models.places.saying import joined, scale
from models.places.words import shortest

if TYPE_CHECKING:
    from models.commune.configuration import Commune
    from models.places.facts import Datum, Facts
    from models.places.listed import Listed

STEADY = 0.005
"""mg/L an hour that is written as 0,00: no trend."""


def figures(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Bilingual:
    """What the water is spoken of by; of oxygen also the night."""
    names = (
        ("oxy", "oxygen") if place.main == OXYGEN else PARAMETERS.get(place.main, (place.main, place.main))
    )
    value = Bilingual(
        *(
            f"{name} {quantity(usable.value, usable.unit, way)}"
            for name, way in zip(names, ("vi", "en"), strict=True)
        )
    )
    if place.main != OXYGEN:
        return joined([value, scale(commune, place.station, place.main).compared(usable.value, usable.unit)])
    return joined(
        [
            value,
            _against(place, usable, commune),
            _fall(facts, usable),
            _dawn(facts, usable),
            _limit(place, facts, usable, commune),
        ]
    )


def _against(place: Listed, usable: Datum, commune: Commune) -> Bilingual | None:
    """Which limit it is below, else which it is above, with the limit: "mức 2-3: 0,20" would read as two figures."""
    levels = scale(commune, place.station, place.main)
    reached = levels.reached(usable.value)
    one = reached or (levels.levels[0] if levels.levels else None)
    if one is None:
        return None
    limit = Bilingual(*(f"{part} {usable.unit}" for part in shortest(one.raise_at)))
    if reached is not None:
        return Bilingual(f"đã dưới {one.name} ({limit.vi})", f"already below {one.name} ({limit.en})")
    return Bilingual(f"trên {one.name} ({limit.vi})", f"above {one.name} ({limit.en})")


def _now(facts: Facts, usable: Datum, code: str) -> float | None:
    """What was reckoned of this very reading; of an earlier one it is no forecast any more."""
    one = facts.derived.get(code)
    return one.value if one is not None and one.at == usable.at else None


def _fall(facts: Facts, usable: Datum) -> Bilingual | None:
    fall = _now(facts, usable, "oxygen_fall")
    if fall is None or abs(fall) < STEADY:
        return None
    verb = ("giảm", "falling") if fall > 0 else ("tăng", "rising")
    rate = [quantity(abs(fall), usable.unit, language) for language in ("vi", "en")]
    return Bilingual(f"{verb[0]} {rate[0]} mỗi giờ", f"{verb[1]} {rate[1]} an hour")


def _dawn(facts: Facts, usable: Datum) -> Bilingual | None:
    likely, low, high = (_now(facts, usable, f"oxygen_dawn{part}") for part in ("", "_low", "_high"))
    if likely is None or low is None or high is None:
        return None
    one, least, most = figure(likely, 1), figure(low, 1), figure(high, 1)
    return Bilingual(
        f"bình minh khoảng {one.vi} ({least.vi}–{most.vi}) {usable.unit}",
        f"about {one.en} ({least.en}–{most.en}) {usable.unit} at sunrise",
    )


def _limit(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Bilingual | None:
    levels = scale(commune, place.station, place.main).levels
    if not levels or usable.value < levels[-1].raise_at:
        return None  # already said
    lowest = levels[-1].name
    likely, soonest = _now(facts, usable, "oxygen_limit"), _now(facts, usable, "oxygen_limit_low")
    if likely is not None:
        ahead = span(likely * HOUR_MS)
        return Bilingual(f"tới {lowest} khoảng {ahead.vi} nữa", f"{lowest} in about {ahead.en}")
    if soonest is not None:
        ahead = span(soonest * HOUR_MS)
        return Bilingual(f"tới {lowest} sớm nhất {ahead.vi} nữa", f"{lowest} in {ahead.en} at the earliest")
    if _now(facts, usable, "oxygen_dawn") is not None:
        return Bilingual(f"đêm nay không tới {lowest}", f"not {lowest} tonight")
    return None
