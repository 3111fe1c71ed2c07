"""The texts that people receive of a change: the SMS (GSM-7, one segment of 160 characters) and the fields of the Zalo template.

There is a template file for each kind and family of change (rise, better, clear); `any.j2` serves the kinds without one.

Titles are the catalogue's (models/catalogue/kinds.py). Each file in `templates/` has two blocks: `vi` (the SMS, written with
accents, sent without) and `advice` (what to do).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from models.alerting.alert import Change, Kind
from models.alerting.facts import UNKNOWN, Facts, facts_of
from models.alerting.gsm7 import SINGLE, septets, unaccented
from models.alerting.instrument_words import late, lists
from models.catalogue.kinds import BETTER, CLEAR, KINDS, RISE, TEMPLATES, title
from models.fish.words import advice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

__all__ = ["CLOSED_BY", "TEMPLATES", "sms", "template_data", "template_id"]

FAMILIES = {Change.RAISE: RISE, Change.WORSE: RISE, Change.BETTER: BETTER, Change.CLEAR: CLEAR}
CLOSED_BY = "alerts"
"""The source of a change that closes an alert which nobody is left to judge (models/alerting/closing.py)."""
FIELDS = ("tram", "hien_tuong", "gia_tri", "muc", "so_sanh", "thoi_gian", "viec_can_lam")
"""The parameters of every Zalo template."""
_WHEN = re.compile(r" \(\d\d:\d\d \d\d/\d\d\)$")
"""The time of an evidence line; the screen and Zalo show it, an SMS leaves it out for its length."""
LEAST_NAME = 12
"""A station's name is cut to no less than this, in characters, before the advice is left out."""


def template_id(change: AlertChange) -> str:
    """The name of the template for a change: `closed`, or kind and family, such as `river_rise`."""
    if change.source == CLOSED_BY:
        return "closed"
    family = FAMILIES[change.change]
    # A sensor is silent or it is not, a payment is odd or explained: there is nothing between.
    return f"{change.kind}_{family if family in KINDS[change.kind].titles else CLEAR}"


def sms(change: AlertChange, commune: Commune, tails: Sequence[str] = ("",), longest: int = SINGLE) -> str:
    """One GSM-7 segment, unaccented: where, what, how much, which level, when, what to do; at most `longest` septets.

    `tails` says what else there is of the place, from all of it to the shortest. What does not fit is left out in this
    order: the tail down to its shortest, evidence from its end but for the first, the end of too long a station's
    name, the limit, the tail of what rises, the advice.
    """
    name = template_id(change)
    facts = _advised(change, commune, facts_of(change, commune, "vi"))
    why = [_WHEN.sub("", line) for line in _evidence(change, "vi")]
    shorter = [replace(facts, evidence="; ".join(why[:n])) for n in range(len(why), 0, -1)]
    if change.parameters:
        shorter = [replace(facts, parameter=vi) for vi, _ in lists(change, commune)]
    shorter = shorter or [facts]
    tries = [(facts, tail) for facts in shorter[:1] for tail in tails]
    bare = replace(shorter[-1], limit="")
    tries += [(candidate, tails[-1]) for candidate in (*shorter, bare)]
    # In a danger what to do comes before how much else there is; an end that is not the end of all says so first.
    tries += [(bare, "")] if change.level > change.previous else []
    tries += [(replace(bare, advice=""), tail) for tail in (tails[-1], "")]
    for candidate, tail in tries:
        text = _unaccented(name, candidate, change, tail)
        if septets(text) <= longest:
            return text
        if tail not in {tails[-1], ""}:
            continue
        for length in range(len(candidate.station) - 1, min(LEAST_NAME, len(candidate.station)) - 1, -1):
            cut = replace(candidate, station=candidate.station[:length].rstrip())
            text = _unaccented(name, cut, change, tail)
            if septets(text) <= longest:
                return text
    return _cut(text, longest)


def _unaccented(name: str, facts: Facts, change: AlertChange, tail: str) -> str:
    age = late(change)[0]
    return unaccented(
        " ".join(f"{f'TIN MUỘN {age}: ' if age else ''}{_say(name, 'vi', facts)} {tail}".split())
    )


def _cut(text: str, longest: int) -> str:
    """The last resort: the beginning, with where, what and how much, matters most."""
    while septets(text) > longest:
        text = text[:-1]
    return text


def template_data(change: AlertChange, commune: Commune, tail: str = "") -> dict[str, str]:
    """The parameters of the Zalo template: accented, NFC (NFD inflates what Zalo measures)."""
    facts = _advised(change, commune, facts_of(change, commune, "vi"))
    silent, age = change.kind in UNKNOWN, late(change)[0]
    seen = change.kind is Kind.BLIND and bool(facts.evidence)
    words = {
        "tram": facts.station,
        "hien_tuong": facts.parameter,
        "gia_tri": facts.span if silent and not seen else facts.evidence or facts.value,
        "muc": facts.level_name if change.level else "Bình thường",
        "so_sanh": (facts.level_name if seen else facts.span) if silent else facts.against,
        "thoi_gian": f"{facts.time} (tin muộn {age})" if age else facts.time,
        "viec_can_lam": f"{facts.advice} {tail}".strip(),
    }
    if change.source == CLOSED_BY:
        # Not over, and no value that would say so.
        words |= {"gia_tri": facts.evidence, "muc": "Không còn theo dõi", "so_sanh": facts.evidence}
    return {field: unicodedata.normalize("NFC", words[field]) for field in FIELDS}


def _evidence(change: AlertChange, language: str) -> Iterator[str]:
    return (line.vi if language == "vi" else line.en for line in change.evidence)


def _advised(change: AlertChange, commune: Commune, facts: Facts) -> Facts:
    """With what to do: for fish as the commune says it, for all else and where it says nothing as the template does."""
    own = None
    if change.kind in (Kind.OXYGEN, Kind.FISH) and change.level > change.previous:
        own = advice(commune.fish_advice, change.parameter, change.level, _side(change, commune))
    return replace(facts, advice=own.vi if own else _say(template_id(change), "advice", facts))


def _side(change: AlertChange, commune: Commune) -> str:
    return next((rule.direction.value for rule in commune.rules if rule.id == change.rule), "")


def _say(name: str, block: str, facts: Facts) -> str:
    """Render one block of a template; line breaks in the file are spaces in the message."""
    template, head = _template(name), title(name)
    values = {field: getattr(facts, field) for field in Facts.__slots__}
    values |= {"measured": facts.measured, "title": head.vi}
    values |= {"own_advice": head.advice[0] if head.advice else ""}
    return " ".join("".join(template.blocks[block](template.new_context(values))).split())


@cache
def _template(name: str) -> Template:
    """Its own file, else that of any kind, which takes the advice from the catalogue."""
    return _environment().select_template([f"{name}.j2", "any.j2"])


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # No escaping: this is plain text for a phone, never HTML.
    folder = Path(__file__).with_name("templates")
    return Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False)  # noqa: S701
