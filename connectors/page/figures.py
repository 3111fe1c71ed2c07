"""The page's numbers for machines: JSON and CSV of what `/` says in words, and the state of health for a monitor."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.clock import VIETNAM
from connectors.page import words
from models.catalogue.states import State

if TYPE_CHECKING:
    from connectors.page.now import Now, Place

COLUMNS = (
    "kind", "place", "name", "hamlets", "state", "state_vi", "known", "since", "datum_at", "age_s", "parameter", "value", "unit", "vi", "en",
)  # fmt: skip
STANDS_STILL = timedelta(minutes=10)
"""The process `places` writes every minute; so long without it, nobody knows how it is."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def data(now: Now) -> dict[str, Any]:
    """JSON: `known` is false where the store could not be read; times in Vietnam's; ages in seconds."""
    said = words.headline(now)
    return {
        "at": _time(now.at),
        "known": now.trouble is None and any(place.look.known for place in now.places),
        "state": said.look.code,
        "vi": said.vi,
        "en": said.en,
        "places": [_place(place, now.at) for place in now.places],
        "ladders": {
            river.place: [
                {
                    "level_m": rung.level,
                    "vi": rung.vi,
                    "en": rung.en,
                    "kind": rung.kind,
                    "source": rung.source,
                    "reached": rung.reached if now.trouble is None else None,
                }
                for rung in river.ladder
            ]
            for river in now.rivers
        },
        "open_alerts": None if now.trouble is not None else now.alert_count,
    }


def _place(place: Place, at: datetime) -> dict[str, Any]:
    return {
        "kind": place.kind, "place": place.place, "name": place.name, "hamlets": place.hamlets, "state": place.look.code, "state_vi": place.look.vi,
        "known": place.look.known, "since": _time(place.since), "datum_at": _time(place.datum_at),
        "age_s": None if place.datum_at is None else round((at - place.datum_at).total_seconds()),
        "parameter": place.parameter, "value": place.value, "unit": place.unit, "vi": place.vi, "en": place.en,
    }  # fmt: skip


def table(now: Now) -> str:
    """CSV with a byte order mark, as a spreadsheet wants its Vietnamese; text that would be a formula is quoted as text."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for place in now.places:
        row = _place(place, now.at) | {"hamlets": " ".join(place.hamlets)}
        writer.writerow({key: _plain(value) for key, value in row.items()})
    return file.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(VIETNAM).isoformat(timespec="seconds")


def health(now: Now) -> tuple[bool, dict[str, Any]]:
    """Whether the platform knows how it is, and the ages. A silent station is told, and is no fault of the platform."""
    quiet = now.heard_at is None or now.at - now.heard_at > STANDS_STILL
    why = None
    if now.trouble is not None:
        why = {"vi": now.trouble[0], "en": now.trouble[1]}
    elif quiet:
        why = {"vi": "tiến trình `places` đứng yên", "en": "the process `places` stands still"}
    return why is None, {
        "ok": why is None,
        "why": why,
        "at": _time(now.at),
        "places_heard_s": None if now.heard_at is None else round((now.at - now.heard_at).total_seconds()),
        "oldest_s": round(now.ages[0][1].total_seconds()) if now.ages else None,
        "silent": [f"{place.kind}/{place.place}" for place in now.places if place.look.code is State.SILENT],
        "open_alerts": now.alert_count if now.trouble is None else None,
        # What to do when it is late is for who asks: the page itself is as it should be.
        "canary": {
            "age_s": None if now.canary is None or now.canary.age_s is None else round(now.canary.age_s),
            "state": State.SILENT.value if now.canary is None else now.canary.state,
            "vi": now.canary_said[0],
            "en": now.canary_said[1],
        },
        "sources": [
            {
                "kind": place.kind,
                "place": place.place,
                "state": place.look.code,
                "age_s": None if place.datum_at is None else round((now.at - place.datum_at).total_seconds()),
            }
            for place in now.places
        ],
    }
