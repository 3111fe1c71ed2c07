"""Air stations, streets and zones of cameras."""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

from models.air.aqi import LEVELS, Level
from models.alerting.words import PARAMETERS, quantity
from models.catalogue.derived import STREET
from models.commune.configuration import Direction
from models.envelope.bilingual import Bilingual
from models.places.facts import Datum
from models.places.saying import Scale, joined, scale
from models.places.words import clock, said

if TYPE_CHECKING:
    from models.commune.configuration import Commune
    from models.places.facts import Facts
    from models.places.listed import Listed

AQI = "vn_aqi"
AQI_LASTS_S = 2 * 3600
"""An hour's index is of the hour that ended; older than this it says nothing of now."""
SMOOTH_S = 60
"""The count of a zone is the median of this last while: one picture misses people, and counts them twice."""
LEAST_RISE_CM = 1.0


def measured(parameter: str, usable: Datum) -> Bilingual:
    """As "bụi PM2.5 41 µg/m³"."""
    names = PARAMETERS.get(parameter, (parameter, parameter))
    return Bilingual(
        *(
            f"{name} {quantity(usable.value, usable.unit, way)}"
            for name, way in zip(names, ("vi", "en"), strict=True)
        )
    )


def aqi_of(facts: Facts) -> Datum | None:
    """The index of the hour that ended last, if it still says something of now."""
    one = facts.derived.get(AQI)
    return one if one is not None and (facts.now - one.at).total_seconds() <= AQI_LASTS_S else None


def aqi_level(facts: Facts) -> int:
    """The index as a level of danger: "Kém" (poor) is watched, each further level of the Decision one more."""
    index = aqi_of(facts)
    return 0 if index is None else max(0, _level_of(index).number - 2)


def _level_of(index: Datum) -> Level:
    return next((level for level in LEVELS if index.value <= level.most), LEVELS[-1])


def air(place: Listed, facts: Facts, usable: Datum) -> Bilingual:
    """The index of the last hour with its word, and what is measured now."""
    index, now = aqi_of(facts), measured(place.main, usable)
    if index is None:
        return joined([Bilingual("chưa có VN_AQI", "no VN_AQI yet"), now])
    level, ended = _level_of(index), clock(index.at, facts.now)
    return joined([
        Bilingual(f"VN_AQI {index.value:.0f} {level.vi} (giờ tới {ended})", f"VN_AQI {index.value:.0f} {level.en} (hour to {ended})"),
        now,
    ])  # fmt: skip


def street(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Bilingual:
    """How deep the water stands, and in ten minutes if it goes on rising so."""
    if place.main != STREET:
        return measured(place.main, usable)
    if usable.value <= 0:
        return Bilingual("không ngập", "no water")
    levels, depth = scale(commune, place.station, place.main), quantity(usable.value, usable.unit, "vi")
    reached = levels.reached(usable.value)
    ahead = facts.derived.get("street_10min")
    soon = None
    if ahead is not None and ahead.at == usable.at and ahead.value >= usable.value + LEAST_RISE_CM:
        then = quantity(ahead.value, ahead.unit, "vi")
        soon = Bilingual(f"10 phút tới khoảng {then}", f"about {then} in 10 min")
    return joined([
        Bilingual(f"ngập {depth}", f"{depth} of water"),
        None if reached is None else Bilingual(f"đã tới mức {reached.name}", f"at level {reached.name}"),
        soon,
    ])  # fmt: skip


def people(place: Listed, facts: Facts) -> Datum | None:
    """The zone's value: the median of the usable counts of the last while; None where there is none."""
    recent = [
        one
        for one in facts.sensor(place.main).recent
        if one.usable and (facts.now - one.at).total_seconds() <= SMOOTH_S
    ]
    usable = facts.sensor(place.main).usable
    if not recent:
        return usable
    last = recent[-1]
    return Datum(last.at, float(median_low(one.value for one in recent)), last.unit, last.flag)


def zone_scale(place: Listed, commune: Commune) -> Scale:
    """The levels of the zone, in its unit."""
    zones = [zone for camera in commune.cameras if camera.id == place.camera for zone in camera.zones]
    own = next((zone for zone in zones if f"{place.camera}/{zone.id}" == place.place), None)
    levels = [] if own is None else sorted(own.levels, key=lambda level: level.level)
    return Scale(Direction.ABOVE, tuple(levels))


def zone(place: Listed, usable: Datum, commune: Commune) -> Bilingual:
    """How many people (or the value of what else it is watched for), and the level reached."""
    nobody = usable.unit == "people" and usable.value < 1
    count = Bilingual("không có ai", "nobody") if nobody else said(usable.value, usable.unit)
    reached = zone_scale(place, commune).reached(usable.value)
    return joined([count, None if reached is None else Bilingual(reached.name, reached.name)])
