"""The message of several pieces of news of one place: the worst in full, beside it what else there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from models.alerting.alert import Kind
from models.alerting.facts import facts_of
from models.alerting.gsm7 import SINGLE
from models.alerting.instrument_words import offset
from models.alerting.wording import sms, template_data, template_id
from models.alerting.words import beside
from models.catalogue.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

_BEGUN_OVER = {code: row.brief for code, row in KINDS.items() if row.brief is not None}
_FIGURE = re.compile(r"\{\} \d")
"""A figure right behind the place."""


class Text(NamedTuple):
    """The SMS, and the Zalo template with its fields."""

    sms: str
    template: str
    fields: dict[str, str]


def text_of(
    shown: Sequence[AlertChange], still: Sequence[AlertChange], commune: Commune, longest: int = SINGLE
) -> Text:
    """One SMS, of at most `longest` septets, and one Zalo message on `shown` (at least one, the worst first).

    `still` goes on and is mentioned.
    """
    first, tails = shown[0], list(_tails(shown[1:], still, commune))
    return Text(
        sms(first, commune, tails, longest), template_id(first), template_data(first, commune, tails[0])
    )


def _tails(others: Sequence[AlertChange], still: Sequence[AlertChange], commune: Commune) -> list[str]:
    """What else there is, from all of it to how many more; "" where there is nothing else."""
    more, goes_on = _brief(others, commune), _brief(still, commune)
    found = []
    for n in range(len(more), -1, -1):
        left = sum(count for _, count in more[n:])
        parts = ["; ".join(said for said, _ in more[:n])] if n else []
        parts += [f"{left} tin khác"] if left else []
        beside_it = " và ".join(parts)
        mentioned = f"Vẫn còn: {'; '.join(said for said, _ in goes_on)}." if goes_on else ""
        found.append(f"{f'Cùng lúc: {beside_it}.' if beside_it else ''} {mentioned}".strip())
    return found


def _brief(changes: Sequence[AlertChange], commune: Commune) -> list[tuple[str, int]]:
    """Each in a few words, places of which the same is said together, with how many they are."""
    places: dict[str, list[str]] = {}
    for change in changes:
        said, place = _words(change, commune)
        places.setdefault(said, []).append(place)
    return [(_where(said, ", ".join(names)), len(names)) for said, names in places.items()]


def _where(said: str, names: str) -> str:
    """The place in its place; "Camera 1 1 điểm ảnh" would read as two figures."""
    found = _FIGURE.search(said)
    return said.format(beside(names, said[found.end() - 1])[:-2] if found else names)


def _words(change: AlertChange, commune: Commune) -> tuple[str, str]:
    """What is said, with {} for where."""
    facts = facts_of(change, commune, "vi")
    over = change.level == 0
    place, parameter = facts.station, facts.parameter.replace("{", "(").replace("}", ")")
    if change.kind is Kind.SILENT and over and facts.first:
        return "{} lần đầu có số liệu", place
    if change.kind is Kind.CLOCK and not over:
        return "{} đồng hồ " + offset(change)[0], place
    if change.kind is Kind.OUTAGE:
        return f"{{}} {_BEGUN_OVER[change.kind][over]}", facts.parameter
    if change.kind in _BEGUN_OVER:
        doubted = f"{parameter} " if change.kind is Kind.UNTRUSTED else ""
        return f"{doubted}{{}} {_BEGUN_OVER[change.kind][over]}", place
    if over:
        return f"hết cảnh báo {parameter} {{}}", place
    if change.kind is Kind.FLOOD:
        return f"{facts.level_name} {{}}", place
    value = facts.value.replace("{", "(").replace("}", ")")
    return f"{parameter} {{}} {value}, {facts.level_name}", place
