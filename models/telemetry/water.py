"""A station's water in the telemetry flow.

oxygen_saturation, nh3              at each reading that brings them
pm25_dry ...                        mean of the hour that ends at `at`, dried
qcvn08, qcvn08_ph ...               class of the hour's means by QCVN 08:2023, table 2 (1 A ... 4 D, 5 worse)
over_qcvn08_nitrite_n ...           a mean that was over its limit in table 1
wqi_ph, wqi_oxygen_saturation ...   sub-indices of VN_WQI; `vn_wqi` only where its groups suffice, else there is none
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.air.humidity import dry
from models.envelope.period import HOUR_MS
from models.envelope.reading import Flag
from models.telemetry.batch import Derived
from models.telemetry.derived import AMMONIA, WATER
from models.telemetry.points import instant, of
from models.water.ammonia import Form, OutOfRangeError, unionised
from models.water.oxygen import COLDEST_C, WARMEST_C, saturation_percent
from models.water.quality import classified, over_health
from models.water.wqi import Variant, wqi

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from models.telemetry.out import Out
    from models.telemetry.points import Reckoning
    from models.telemetry.sensor import Shard, Site

TOGETHER_MS = HOUR_MS
"""Readings of two probes this far apart are still of the same water."""
VARIANT = Variant.WEIGHTED
"""How groups IV and V are joined could not be read from the Decision itself: the form that its readers print."""
_FORMS = {"tan_n": Form.TAN_AS_N, "ammonium_n": Form.NH4_AS_N, "nh4": Form.NH4}


def react(told: Reckoning) -> None:
    """What readings of one time, and of at most an hour before it, say together.

    A sample's parameters may come in any order: all of one time are taken together.
    """
    site, shard = told.site, told.shard
    form = next((one for one in AMMONIA if one in site.sensors and _spoke(shard, site, one)), None)
    codes = ["dissolved_oxygen", "water_temperature", "ph", *([form] if form is not None else [])]
    merged: dict[int, dict[str, float]] = {}
    for code in codes:
        for at_ms, value, _use in of(shard, site, code, told.from_ms - TOGETHER_MS - 1):
            merged.setdefault(at_ms, {})[code] = value
    latest: dict[str, tuple[int, float]] = {}
    for at_ms in sorted(merged):
        latest |= {code: (at_ms, value) for code, value in merged[at_ms].items()}
        if at_ms >= told.from_ms:
            _saturated(told, latest, merged[at_ms], at_ms)
            _poisoned(told, latest, merged[at_ms], at_ms, form)


def _spoke(shard: Shard, site: Site, code: str) -> bool:
    state = shard.get((site.station, code))
    return state is not None and bool(state.seen.times)


def _saturated(
    told: Reckoning, latest: dict[str, tuple[int, float]], now: Collection[str], at_ms: int
) -> None:
    if "dissolved_oxygen" in now or "water_temperature" in now:
        oxygen, temperature = _at(latest, "dissolved_oxygen", at_ms), _at(latest, "water_temperature", at_ms)
        if oxygen is not None and temperature is not None and COLDEST_C <= temperature <= WARMEST_C:
            percent = saturation_percent(oxygen, temperature)
            told.emit("oxygen_saturation", at_ms, percent, "%", 2)


def _poisoned(
    told: Reckoning, latest: dict[str, tuple[int, float]], now: Collection[str], at_ms: int, form: str | None
) -> None:
    if form is None or "nh3" not in told.site.derived or not {form, "ph", "water_temperature"} & set(now):
        return
    # Whichever of the three comes last: at pH 9 the same ammonia is fifty times as poisonous as at pH 7.
    acidity, temperature = _at(latest, "ph", at_ms), _at(latest, "water_temperature", at_ms)
    ammonia = _at(latest, form, at_ms)
    if ammonia is not None and acidity is not None and temperature is not None:
        try:
            value = unionised(ammonia, _FORMS[form], temperature, acidity)
        except OutOfRangeError:
            return  # the formula is not given there, and no number is better than a wrong one
        told.emit("nh3", at_ms, value, "mg/L", 3)


def _at(latest: dict[str, tuple[int, float]], code: str, at_ms: int) -> float | None:
    known = latest.get(code)
    return known[1] if known is not None and at_ms - known[0] <= TOGETHER_MS else None


def of_hour(told: Reckoning, end_ms: int, means: dict[str, float]) -> None:
    """What the hourly means of a station say of its water and of dry particles."""
    at = instant(end_ms)
    _water(told.site.station, at, means, told.out)
    _dry(told.site, at, means, told.out)


def _water(station: str, at: datetime, means: dict[str, float], out: Out) -> None:
    for code, mean in over_health(means).items():
        out.derived.append(Derived(at, station, f"over_qcvn08_{code}", mean, "mg/L", Flag.GOOD, 1))
    known: dict[str, float | None] = {code: mean for code, mean in means.items() if code in WATER}
    if not known:
        return
    found = classified(known)
    if found is not None:
        _tell(out, at, station, "qcvn08", found.overall, len(found.each))
        for code, one in found.each.items():
            _tell(out, at, station, f"qcvn08_{code}", one, len(found.each))
    oxygen, temperature = known.pop("dissolved_oxygen", None), means.get("water_temperature")
    if oxygen is not None and temperature is not None and COLDEST_C <= temperature <= WARMEST_C:
        known["oxygen_saturation"] = saturation_percent(oxygen, temperature)
    index = wqi({code: value for code, value in known.items() if code in _INDEXED}, VARIANT)
    for code, part in index.parts.items():
        _tell(out, at, station, f"wqi_{code}", part, len(index.parts))
    if index.value is not None:
        _tell(out, at, station, "vn_wqi", index.value, len(index.parts))


_INDEXED = (WATER - {"total_phosphorus", "total_nitrogen", "thermotolerant_coliform", "tss"}) | {
    "oxygen_saturation"
}


def _dry(site: Site, at: datetime, means: dict[str, float], out: Out) -> None:
    humidity = means.get("humidity")
    for code, mean in means.items():
        kappa = site.sensors[code].parameter.kappa
        if kappa is not None and humidity is not None:
            value = dry(mean, humidity, kappa)
            if value is not None:
                unit = site.sensors[code].parameter.unit
                out.derived.append(Derived(at, site.station, f"{code}_dry", value, unit, Flag.GOOD, 2))


def _tell(out: Out, at: datetime, station: str, code: str, value: float, count: int) -> None:
    out.derived.append(Derived(at, station, code, float(value), "1", Flag.GOOD, count))
