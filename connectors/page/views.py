"""What the templates show: every choice is made here, a template only writes."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from connectors.clock import VIETNAM
from connectors.page import chart, map, shapes, words  # noqa: A004 (the map of the commune)
from models.alerting.playbook import page_for
from models.catalogue.states import STATES, State
from models.places.place import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.page.now import Now, Picture, Place, River, Rung
    from models.alerting.playbook import Page
    from models.map.sketch import Sketch

FOLDER = Path(__file__).resolve().parent
KINDS = {
    PlaceKind.STREET: words.Words("Đường", "Streets"),
    PlaceKind.AIR: words.Words("Không khí", "Air"),
    PlaceKind.CAGES: words.Words("Lồng cá", "Fish cages"),
    PlaceKind.ZONE: words.Words("Nơi có camera: đông người, nước ngập", "Cameras: crowds, water"),
}
"""Sections of the citizens' page after the river, in their order."""
MOST_ROWS, MOST_ALERTS, MOST_PICTURES, MOST_NOBODY = 14, 6, 2, 2
MOST_OPEN = 6
"""Places of a section that are all shown, on a telephone too; of more, those that are well are opened by a touch."""
STREET_KINDS = ("road", "ford")
RUNGS_AROUND = 2
"""Of the ladder on the wall: so many above the water and one below it; the alarm levels stand in the chart."""


@cache
def templates() -> Environment:
    """The page's own templates; whatever comes from data is escaped."""
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"icon": shapes.icon, "hatches": Markup(shapes.hatches()), "words": words}  # noqa: S704 (our own text)
    return found


class Commune:
    """What the page knows of the commune besides the store: its name, its hamlets of today, its map, its playbook."""

    def __init__(
        self,
        name: str,
        hamlets: Mapping[str, str],
        sketch: Sketch,
        tiles: str = "",
        playbook: Mapping[str, Page] | None = None,
    ) -> None:
        self.name, self.hamlets, self.sketch, self.tiles = name, dict(hamlets), sketch, tiles
        self.playbook = dict(playbook or {})


def citizens(now: Now, commune: Commune, *, embedded: bool, refresh_s: int) -> str:
    """The page `/`."""
    return templates().get_template("citizens.html.j2").render(
        now=now, commune=commune.name, embedded=embedded, refresh_s=refresh_s,
        headline=words.headline(now), moment=words.moment(now.at), oldest=words.oldest(now)[0],
        canary=now.canary_said,
        advice=words.advice(now), rivers=[_river(river, now) for river in now.rivers],
        gauges=words.of_kind(now.places, PlaceKind.GAUGE),
        sections=[_section(kind, now) for kind in KINDS],
        map=_map(now, commune, size=(720, 620), text=24, theme=map.PAPER), lost=map.positions(now.told)[1],
        legend=list(STATES.values()), sources=[line.source for line in commune.sketch.lines],
    )  # fmt: skip


def _known(river: River, now: Now) -> bool:
    """Whether what the river reaches can be told: the store answers, and the gauge is not silent or doubted."""
    return now.trouble is None and any(
        place.look.known
        for place in now.places
        if (place.kind, place.place) == (PlaceKind.GAUGE, river.place)
    )


def _river(river: River, now: Now) -> dict[str, Any]:
    gauge = next(
        (place for place in now.places if (place.kind, place.place) == (PlaceKind.GAUGE, river.place)), None
    )
    known = _known(river, now)
    return {
        "gauge": gauge,
        "chart": Markup(  # noqa: S704 (escaped where it is made)
            chart.svg(
                river,
                now.at,
                size=(720, 340),
                text=21,
                theme=map.PAPER,
                name="" if gauge is None else gauge.name,
            )
        ),
        "ladder": ladder(river.ladder, known=known),
        "water": next((rung.value for rung in river.ladder if rung.reached is not None and known), None),
        # Each stays in the list: that it is not known is told, and is not "not reached".
        "roads": [
            rung if known else msgspec.structs.replace(rung, reached=None)
            for rung in _street_rungs(river.ladder)
        ],
    }


def ladder(rungs: Sequence[Rung], *, known: bool = True) -> list[dict[str, Any]]:
    """The rungs, the highest first, each with its words; one row among them is the water itself."""
    states = {(one.level, one.vi): look for one, look in chart.alarms(rungs)}
    rows: list[dict[str, Any]] = []
    for rung in sorted(rungs, key=lambda rung: -rung.level):
        reached = rung.reached if known else None
        if reached and not any(row["water"] for row in rows):
            rows.append(_water(rung))
        rows.append(
            {
                "water": False, "rung": rung, "state": states.get((rung.level, rung.vi)), "reached": reached,
                "far": words.rung(rung) if known else "không rõ", "level": words.metres(rung.level),
                "assumed": rung.source.casefold().startswith(("assumed", "giả định")),
            }
        )  # fmt: skip
    if rows and known and rungs[0].reached is not None and not any(row["water"] for row in rows):
        rows.append(_water(rungs[0]))
    return rows


def _water(rung: Rung) -> dict[str, Any]:
    return {"water": True, "level": words.metres(rung.value or 0.0)}


def near(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of a ladder the marks next to the water; where that is not known the lowest, which are reached first."""
    marks = [row for row in rows if row["water"] or row["state"] is None]
    at = next((number for number, row in enumerate(marks) if row["water"]), len(marks) - 1 - RUNGS_AROUND)
    return [row for number, row in enumerate(marks) if -RUNGS_AROUND <= number - at < RUNGS_AROUND]


def _section(kind: PlaceKind, now: Now) -> dict[str, Any]:
    """Of many places those that are well are folded away; those of which nothing can be known yet are counted."""
    places = words.of_kind(now.told, kind)
    folded = [place for place in places if place.look.code is State.NORMAL] if len(places) > MOST_OPEN else []
    return {
        "kind": kind.value,
        "title": KINDS[kind],
        "places": [place for place in places if place not in folded],
        "folded": folded,
        "apart": words.uncounted(now) if kind is PlaceKind.ZONE else None,
    }


def _map(
    now: Now, commune: Commune, *, size: tuple[int, int], text: float, theme: map.Theme, calm: bool = False
) -> Markup:
    made = map.svg(
        now.told,
        commune.sketch,
        commune.hamlets,
        size=size,
        text=text,
        theme=theme,
        calm=calm,
        tiles=commune.tiles,
    )
    return Markup(made)  # noqa: S704 (escaped where it is made)


def wall(now: Now, commune: Commune, *, part: bool) -> str:
    """The page `/wall`; `part`: only what changes, for the script that puts it in the place of the old."""
    seen = concerned(now)
    pictures = [one for one in seen if one.picture is not None][:MOST_PICTURES]
    rows, hidden = now.told[:MOST_ROWS], Counter(place.look.vi for place in now.told[MOST_ROWS:])
    river = next(iter(now.rivers), None)
    oldest, worrying = words.oldest(now)
    return templates().get_template("wall_part.html.j2" if part else "wall.html.j2").render(
        now=now, commune=commune.name, headline=words.headline(now), rows=rows, hidden=", ".join(f"{n} {vi}" for vi, n in hidden.items()), hidden_words=json.dumps(hidden, ensure_ascii=False),
        hidden_count=hidden.total(), calm=all(place.look.code is State.NORMAL for place in now.told) and bool(now.told), apart=words.uncounted(now),
        clock=f"{now.at.astimezone(VIETNAM):%H:%M}", day=f"{words.DAYS[now.at.astimezone(VIETNAM).weekday()]} {now.at.astimezone(VIETNAM):%d/%m/%Y}",
        oldest=oldest, worrying=worrying, canary=now.canary_said[0],
        canary_worrying=now.canary is None or now.canary.state != State.NORMAL,
        alerts=[(alert, words.since(alert.since, now.at), page_for(commune.playbook, alert.kind, alert.level)) for alert in now.alerts[:MOST_ALERTS]],
        alerts_hidden=now.alert_count - len(now.alerts[:MOST_ALERTS]),
        nobody=[(one, words.since(one.since, now.at)) for one in now.nobody[:MOST_NOBODY]],
        nobody_hidden=len(now.nobody[MOST_NOBODY:]),
        map=_map(now, commune, size=(800, 340) if not pictures else (410, 340), text=24, theme=map.NIGHT, calm=True),
        chart=None if river is None else Markup(chart.svg(river, now.at, size=(530, 240), text=23, theme=map.NIGHT)),  # noqa: S704 (escaped where it is made)
        ladder=[] if river is None else near(ladder(river.ladder, known=_known(river, now))), pictures=pictures,
        unseen=[one for one in seen if one.picture is None][:MOST_PICTURES],
    )  # fmt: skip


class ConcernedCamera(NamedTuple):
    """A camera of which something is to be seen, with its newest picture and its age; None: there is none."""

    place: Place
    picture: Picture | None
    age: timedelta | None


def concerned(now: Now) -> list[ConcernedCamera]:
    """Cameras that are not well or have an open alert, the worst first."""
    newest = {picture.camera: picture for picture in now.pictures}
    alerted = {alert.place for alert in now.alerts}
    found: dict[str, ConcernedCamera] = {}
    for place in now.told:
        if (
            place.camera is None
            or place.camera in found
            or (place.look.code is State.NORMAL and place.camera not in alerted)
        ):
            continue
        picture = newest.get(place.camera)
        found[place.camera] = ConcernedCamera(
            place, picture, None if picture is None else now.at - picture.at
        )
    return list(found.values())


def _street_rungs(ladder: Sequence[Rung]) -> list[Rung]:
    """What of the ladder a person walks or drives on, the next to be reached first."""
    found = [rung for rung in ladder if rung.kind in STREET_KINDS]
    return sorted(found, key=lambda rung: rung.level)
