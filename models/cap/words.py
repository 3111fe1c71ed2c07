"""What a CAP message says of a change, in Vietnamese as the phones get it and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.alerting.facts import facts_of
from models.alerting.wording import CLOSED_BY, template_data, template_id
from models.alerting.words import FORECASTS, beside
from models.catalogue.kinds import title
from models.catalogue.public import PUBLIC

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

EXERCISE = ("DIỄN TẬP", "EXERCISE")
"""In front of every headline of a drill, so that who reads only that knows."""
_OVER = {True: "Monitor", False: "AllClear"}
_CLOSED_EN = "This does not mean that the danger is over: watch for yourselves."


class Said(NamedTuple):
    """Headline, description and instruction in one language."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str


class Judged(NamedTuple):
    """CAP's four words on how bad, how soon, how sure, and what to do."""

    severity: str
    urgency: str
    certainty: str
    response: str


def judged(change: AlertChange) -> Judged:
    """By kind and level (models/catalogue/public.py); what is closed by name is over for us, not for the river."""
    row = PUBLIC[change.kind]
    if change.level == 0:
        closed = change.source == CLOSED_BY
        return Judged(
            "Unknown" if closed else "Minor", "Past", "Unknown" if closed else "Observed", _OVER[closed]
        )
    step = row.step(change.level)
    eases = change.level < change.previous
    certainty = "Likely" if change.parameter in FORECASTS else step.certainty
    return Judged(step.severity, step.urgency, certainty, "Monitor" if eases else step.response)


def said(change: AlertChange, commune: Commune, *, exercise: bool = False) -> tuple[Said, Said]:
    """Vietnamese, then English."""
    return _vietnamese(change, commune, exercise=exercise), _english(change, commune, exercise=exercise)


def _vietnamese(change: AlertChange, commune: Commune, *, exercise: bool) -> Said:
    fields = template_data(change, commune)
    head = title(template_id(change)).registered
    value = beside(fields["hien_tuong"], fields["gia_tri"])
    described = _sentence(
        fields["tram"], value, fields["so_sanh"], _once(fields, change), fields["thoi_gian"]
    )
    return Said(
        "vi-VN",
        PUBLIC[change.kind].event[0],
        _headline(
            EXERCISE[0] if exercise else "", head, fields["tram"], fields["muc"] if change.level else ""
        ),
        described,
        fields["viec_can_lam"],
    )


def _once(fields: dict[str, str], change: AlertChange) -> str:
    """What the witnesses say, where the value is not already that."""
    why = "; ".join(line.vi for line in change.evidence)
    return "" if why in (fields["gia_tri"], fields["so_sanh"]) else why


def _english(change: AlertChange, commune: Commune, *, exercise: bool) -> Said:
    row, facts, closed = PUBLIC[change.kind], facts_of(change, commune, "en"), change.source == CLOSED_BY
    level = f"level {change.level} ({facts.level_name})" if change.level else ""
    if closed:
        what = _CLOSED_EN
    elif change.level == 0:
        what = row.clear
    else:
        what = row.better if change.level < change.previous else row.step(change.level).en
    figures = ("", "") if closed else (facts.measured, facts.against if facts.against != facts.value else "")
    return Said(
        "en-US",
        row.event[1],
        _headline(EXERCISE[1] if exercise else "", title(template_id(change)).en, facts.station, level),
        _sentence(facts.station, *figures, facts.evidence, facts.time),
        what,
    )


def _headline(first: str, head: str, station: str, level: str) -> str:
    return ": ".join(
        part for part in (first, head, ", ".join(one for one in (station, level) if one)) if part
    )


def _sentence(station: str, *parts: str) -> str:
    return f"{station}: {', '.join(part for part in parts if part)}."
