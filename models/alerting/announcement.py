"""What the loudspeakers of the hamlets say of an event, and when: a script of at most LONGEST_S seconds, in plain sentences.

    [Diễn tập.] Bà con chú ý. What, which level. Where. How much. What to do.

How long a text takes is known when it has been spoken (connectors/loudspeaker/voice.py), so here are `scripts`: the same from the fullest
to the shortest, and the first that fits is taken. Left out in this order: the call for attention, the value, the names of many hamlets,
the second half of what to do, all of what to do. That it is a drill, what it is and how bad are never left out.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from models.alerting.alert import AlertChange, Kind
from models.alerting.facts import facts_of
from models.alerting.spoken import UNITS, spoken
from models.alerting.wording import template_data, template_id
from models.alerting.words import VIETNAM
from models.catalogue.kinds import title
from models.catalogue.public import RANK
from models.commune.place import hamlets_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from models.commune.configuration import Commune

LONGEST_S = 20.0
"""Seconds of speech: who is in the rain with a pig under the arm hears no more."""
LEAST_LEVEL = 2
"""The public hears of this level and above; level 1 is for those who watch."""
LATEST = timedelta(hours=1)
"""An end that is older is not told any more."""
MOST_NAMES = 3
"""Hamlets that are said by name; more are counted."""
PLATFORM = "phusa"
"""Who asks for what the platform itself made."""
DRILL, ATTENTION = "Diễn tập, đây chỉ là diễn tập.", "Bà con chú ý."
_CLAUSE = re.compile(r"(?<=[.;])\s")


class EventSeen(msgspec.Struct, frozen=True):
    """An event as the store has it, with the newest change of each of its alerts that are public."""

    id: str
    risen_at: datetime
    closed_at: datetime | None
    changes: list[AlertChange]
    exercise: bool = False


class Wanted(msgspec.Struct, frozen=True):
    """An announcement to make. `key` is the same whoever looks again; `level` 0: it is over."""

    key: str
    event: str
    kind: Kind
    level: int
    hamlets: list[str]
    scripts: list[str]
    exercise: bool


def wanted(
    event: EventSeen, made: Collection[str], told: Collection[str], commune: Commune, now: datetime
) -> Wanted | None:
    """What the public is to hear of the event now, if anything; `made` are the keys of what was made, `told` of what was approved.

    Each rise at or above LEAST_LEVEL is told once, and the end to those who heard of a rise.
    """
    over = f"{event.id}{_OVER}"
    if event.closed_at is not None:
        heard = any(key.startswith(f"{event.id}|") and key != over for key in told)
        if not heard or over in made or now - event.closed_at > LATEST or not event.changes:
            return None
        return _wanted(event, _worst(event.changes), event.changes, over, commune, now)
    loud = [change for change in event.changes if change.level >= LEAST_LEVEL]
    key = f"{event.id}|{round(event.risen_at.timestamp() * 1000)}"
    if key in made or not loud:
        return None
    return _wanted(event, _worst(loud), loud, key, commune, now)


_OVER = "|over"


def _worst(changes: Sequence[AlertChange]) -> AlertChange:
    return min(changes, key=lambda change: (-change.level, RANK[change.kind], -change.at.timestamp()))


def _wanted(
    event: EventSeen,
    change: AlertChange,
    touching: Sequence[AlertChange],
    key: str,
    commune: Commune,
    now: datetime,
) -> Wanted:
    standing = _standing(commune, now.astimezone(VIETNAM).date())
    touched = {code for one in touching for code in hamlets_of(one.station, commune)} & standing.keys()
    hamlets = [code for code in standing if code in touched or not touched]
    names = [standing[code] for code in hamlets]
    texts = scripts(change, commune, names, whole=len(names) == len(standing), exercise=event.exercise)
    return Wanted(key, event.id, change.kind, change.level, hamlets, texts, event.exercise)


def _standing(commune: Commune, day: date) -> dict[str, str]:
    return {
        hamlet.code: hamlet.name
        for hamlet in commune.hamlets
        if hamlet.valid_from <= day and (hamlet.valid_to is None or day <= hamlet.valid_to)
    }


class _Parts(NamedTuple):
    """The sentences; an empty one is not said."""

    drill: str
    attention: str
    what: str
    where: str
    value: str
    advice: str


def scripts(
    change: AlertChange, commune: Commune, hamlets: Sequence[str], *, whole: bool, exercise: bool
) -> list[str]:
    """The texts on a change, the fullest first; `hamlets` by name, `whole`: they are all of the commune."""
    advice = template_data(change, commune)["viec_can_lam"]
    full = _Parts(
        DRILL if exercise else "",
        ATTENTION,
        _what(change, commune),
        _where(hamlets, whole=whole),
        _value(change, commune),
        _capital(advice),
    )
    shorter = [full, full._replace(attention="")]
    shorter.append(shorter[-1]._replace(value=""))
    shorter.append(shorter[-1]._replace(where=_where(hamlets, whole=whole, names=False)))
    shorter.append(
        shorter[-1]._replace(advice=f"{_CLAUSE.split(full.advice)[0].rstrip('.;')}." if advice else "")
    )
    shorter.append(shorter[-1]._replace(advice=""))
    texts = [spoken(" ".join(part for part in each if part)) for each in shorter]
    return list(dict.fromkeys(texts))


def _what(change: AlertChange, commune: Commune) -> str:
    """The title and the level, as in "Cảnh báo lũ, BĐ3."; a level that holds the title stands alone, as in "Báo động ngập."."""
    head = title(template_id(change)).registered.lower()
    level = facts_of(change, commune, "vi").level_name if change.level else ""
    said = level if head in level.lower() else ", ".join(part for part in (head, level) if part)
    return f"{_capital(said)}."


def _where(hamlets: Sequence[str], *, whole: bool, names: bool = True) -> str:
    if whole:
        return "Toàn xã."
    if len(hamlets) > MOST_NAMES or not names:
        return f"{len(hamlets)} thôn trong xã." if len(hamlets) > 1 else ""
    return f"Thôn {', thôn '.join(hamlets)}."


def _value(change: AlertChange, commune: Commune) -> str:
    """How much, where; only in units that people say."""
    facts = facts_of(change, commune, "vi")
    if facts.value.rpartition(" ")[2] not in UNITS:
        return f"Tại {facts.station}."
    return f"{_capital(facts.parameter)} tại {facts.station} {facts.value}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
