"""The words that people receive: one template file for each kind and family of change.

Each file in `templates/` has three blocks: `vi` (the SMS, written with accents, sent without),
`advice` (what to do) and `en` (a gloss for those who do not read Vietnamese; never sent).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from models.alerting.alert import Change, Kind
from models.alerting.gsm7 import SINGLE, septets, unaccented
from models.alerting.words import (
    FORECASTS,
    VIETNAM,
    Mark,
    comparison,
    duration,
    mark_of,
    parameter_names,
    quantity,
)
from models.commune.place import place_name
from models.fish.words import advice

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

FAMILIES = {Change.RAISE: "rise", Change.WORSE: "rise", Change.BETTER: "better", Change.CLEAR: "clear"}
# A sensor is silent or it is not, a payment is odd or explained: there is nothing between.
_YES_OR_NO = {Change.RAISE: "rise", Change.WORSE: "rise", Change.BETTER: "clear", Change.CLEAR: "clear"}
TEMPLATES = (
    *(
        f"{kind}_{family}"
        for kind in ("river", "oxygen", "air", "crowd", "rain", "fish", "flood")
        for family in ("rise", "better", "clear")
    ),
    *(
        f"{kind}_{family}"
        for kind in ("silent", "frozen", "untrusted", "payment", "blind")
        for family in ("rise", "clear")
    ),
)
_UNKNOWN = {
    Kind.SILENT: ("Mất tín hiệu", "no signal"),
    Kind.FROZEN: ("Đứng hình", "frozen"),
    Kind.UNTRUSTED: ("Không tin được", "not to be trusted"),
    Kind.BLIND: ("Không nhìn thấy", "blind"),
}
"""What these tell is a span of not knowing, not a value."""
"""Our names of the templates; the file zalo.json maps them to the numbers Zalo gives on approval."""
FIELDS = ("tram", "hien_tuong", "gia_tri", "muc", "so_sanh", "thoi_gian", "viec_can_lam")
"""The parameters of every Zalo template."""
_WHEN = re.compile(r" \(\d\d:\d\d \d\d/\d\d\)$")
"""When a witness spoke: on the screen and in Zalo; an SMS has its own time."""
LEAST_NAME = 12
"""A station's name is cut to no less than this, in characters, before the advice is left out."""

_LIKELY = {"vi": ("có thể trên {}", "theo đà nước lên"), "en": ("may exceed {}", "as the water rises now")}


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


def template_id(change: AlertChange) -> str:
    """Our name of the change's template."""
    families = _YES_OR_NO if change.kind in (*_UNKNOWN, Kind.PAYMENT) else FAMILIES
    return f"{change.kind}_{families[change.change]}"


def sms(change: AlertChange, commune: Commune) -> str:
    """One GSM-7 segment, unaccented: where, what, how much, which level, when, what to do.

    Evidence is left out from its end, but for the first; too long a station name is cut; only if that
    is not enough the advice is left out.
    """
    name = template_id(change)
    facts = _advised(change, commune, _facts(change, commune, "vi"))
    why = [_WHEN.sub("", one) for one in _evidence(change, "vi")]
    shorter = [replace(facts, evidence="; ".join(why[:n])) for n in range(len(why), 0, -1)] or [facts]
    for candidate in (*shorter, replace(shorter[-1], advice="")):
        for length in range(len(candidate.station), min(LEAST_NAME, len(candidate.station)) - 1, -1):
            text = unaccented(
                _say(name, "vi", replace(candidate, station=candidate.station[:length].rstrip()))
            )
            if septets(text) <= SINGLE:
                return text
    return _cut(text)


def _cut(text: str) -> str:
    """The last resort: the beginning, with where, what and how much, matters most."""
    while septets(text) > SINGLE:
        text = text[:-1]
    return text


def template_data(change: AlertChange, commune: Commune) -> dict[str, str]:
    """The parameters of the Zalo template: accented, NFC (NFD inflates what Zalo measures)."""
    facts = _advised(change, commune, _facts(change, commune, "vi"))
    silent = change.kind in _UNKNOWN
    words = {
        "tram": facts.station,
        "hien_tuong": facts.parameter,
        "gia_tri": facts.evidence or (facts.span if silent else facts.value),
        "muc": facts.level_name if change.level else "Bình thường",
        "so_sanh": (facts.level_name if facts.evidence else facts.span) if silent else facts.against,
        "thoi_gian": facts.time,
        "viec_can_lam": facts.advice,
    }
    return {field: unicodedata.normalize("NFC", words[field]) for field in FIELDS}


def gloss(change: AlertChange, commune: Commune) -> str:
    """The same in English, for the screen and the reports."""
    return _say(template_id(change), "en", _facts(change, commune, "en"))


def _facts(change: AlertChange, commune: Commune, language: str) -> Facts:
    which = 0 if language == "vi" else 1
    silent = change.kind in _UNKNOWN
    mark = Mark(_UNKNOWN[change.kind][which], change.limit) if silent else mark_of(change, commune)
    value = quantity(change.value, change.unit, language)
    against = comparison(change.value, mark, change.unit, language)
    if change.parameter in FORECASTS and change.level > 0:
        value, against = (
            _LIKELY[language][0].format(quantity(mark.limit, change.unit, language)),
            _LIKELY[language][1],
        )
    return Facts(
        station=place_name(change.station, commune),
        parameter=parameter_names(change, commune)[which],
        value=value,
        level=change.level,
        level_name=mark.name,
        limit=quantity(mark.limit, change.unit, language),
        against=against,
        span=duration(change.value)[which] if silent else "",
        time=f"{change.at.astimezone(VIETNAM):%H:%M %d/%m}",
        evidence="; ".join(_evidence(change, language)),
    )


def _evidence(change: AlertChange, language: str) -> list[str]:
    return [one.vi if language == "vi" else one.en for one in change.evidence]


def _advised(change: AlertChange, commune: Commune, facts: Facts) -> Facts:
    """With what to do: for fish as the commune says it, for all else and where it says nothing as the template does."""
    own = None
    if change.kind in (Kind.OXYGEN, Kind.FISH) and change.level > change.previous:
        own = advice(commune.fish_advice, change.parameter, change.level, _side(change, commune))
    return replace(facts, advice=own.vi if own else _say(template_id(change), "advice", facts))


def _side(change: AlertChange, commune: Commune) -> str:
    return next((one.direction.value for one in commune.rules if one.id == change.rule), "")


def _say(name: str, block: str, facts: Facts) -> str:
    """Render one block of a template; line breaks in the file are spaces in the message."""
    template = _template(name)
    values = {field: getattr(facts, field) for field in Facts.__slots__}
    return " ".join("".join(template.blocks[block](template.new_context(values))).split())


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.j2")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # No escaping: this is plain text for a phone, never HTML.
    folder = Path(__file__).with_name("templates")
    return Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False)  # noqa: S701
