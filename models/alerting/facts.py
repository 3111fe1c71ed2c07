"""What a template may say of a change, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.alerting.alert import Kind
from models.alerting.instrument_words import LINK, cause, last_heard, lists, offset
from models.alerting.words import (
    FORECASTS,
    VIETNAM,
    Mark,
    beside,
    comparison,
    duration,
    mark_of,
    parameter_names,
    quantity,
)
from models.catalogue.kinds import KINDS, Words
from models.catalogue.parameters import PARAMETERS
from models.commune.place import place_name

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

UNKNOWN: dict[Kind, Words] = {code: row.unknown for code, row in KINDS.items() if row.unknown is not None}
"""What these tell is a span of not knowing, not a value."""
_LIKELY = {"vi": ("có thể trên {}", "theo đà nước lên"), "en": ("may exceed {}", "as the water rises now")}
_FLOOD: dict[bool, Words] = {True: ("báo động ngập", "flood alarm"), False: ("cần kiểm tra", "to be checked")}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a template may say, in one language."""

    station: str
    parameter: str
    value: str
    level: int
    level_name: str
    limit: str
    against: str
    span: str
    time: str
    evidence: str = ""
    advice: str = ""
    last: str = ""
    first: bool = False
    link: bool = False

    @property
    def measured(self) -> str:
        """What was measured and how much."""
        return beside(self.parameter, self.value)


def facts_of(change: AlertChange, commune: Commune, language: str) -> Facts:
    """All of it but the advice, in "vi" or "en"."""
    if change.kind in UNKNOWN:
        return _of_instruments(change, commune, 0 if language == "vi" else 1)
    which = 0 if language == "vi" else 1
    code, unit = change.parameter, change.unit
    row = PARAMETERS.get(code)
    if row is not None and row.shown and row.unit == unit:
        unit = row.shown
    mark = mark_of(change, commune)
    value = quantity(change.value, unit, language, code)
    against = comparison(change.value, mark, unit, language, code)
    if change.parameter in FORECASTS and change.level > 0:
        value, against = (
            _LIKELY[language][0].format(quantity(mark.limit, unit, language, code)),
            _LIKELY[language][1],
        )
    if change.kind is Kind.FLOOD:
        mark = Mark(_FLOOD[change.level >= 2][which], mark.limit)
        value = against = _sources(change.value)[which]
    elif change.kind is Kind.PAYMENT:
        mark = Mark(("bất thường", "odd")[which], change.limit)
        against = f"{('ngưỡng', 'limit')[which]} {quantity(change.limit, unit, language)}"
    return Facts(
        station=place_name(change.station, commune),
        parameter=parameter_names(change, commune)[which],
        value=value,
        level=change.level,
        level_name=mark.name,
        limit=quantity(mark.limit, unit, language, code),
        against=against,
        span="",
        time=_time(change),
        evidence="; ".join(one.vi if language == "vi" else one.en for one in change.evidence),
    )


def _of_instruments(change: AlertChange, commune: Commune, which: int) -> Facts:
    clock, outage = change.kind is Kind.CLOCK, change.kind is Kind.OUTAGE
    named = change.parameters or outage
    span = duration(change.value)[which]
    if clock:
        span = offset(change)[which] if change.level else ("đã đúng", "right")[which]
    elif change.kind is Kind.SILENT and change.value <= 0:
        span = (("lần đầu", "first") if change.level == 0 else ("chưa từng", "never"))[which]
    return Facts(
        station=("hệ thống", "the platform")[which] if outage else place_name(change.station, commune),
        parameter=(lists(change, commune)[0] if named else _parameter(change, commune))[which],
        value=span,
        level=change.level,
        level_name=UNKNOWN[change.kind][which],
        limit=duration(change.limit)[which],
        against="",
        span="" if outage and change.value <= 0 else span,
        time=_time(change),
        evidence=cause(change)[which]
        if clock
        else "; ".join((one.vi, one.en)[which] for one in change.evidence),
        last=last_heard(change)[which],
        first=change.value <= 0,
        link=change.parameter == LINK,
    )


def _parameter(change: AlertChange, commune: Commune) -> Words:
    if change.kind is Kind.CLOCK:
        return "đồng hồ", "clock"
    return ("số liệu", "data") if change.parameter == "station" else parameter_names(change, commune)


def _sources(count: float) -> Words:
    if count < 1:
        return "không còn nguồn báo ngập", "no witness left"
    return f"{count:.0f} nguồn báo ngập", f"{count:.0f} witnesses"


def _time(change: AlertChange) -> str:
    return f"{change.at.astimezone(VIETNAM):%H:%M %d/%m}"
