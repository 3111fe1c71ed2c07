"""Which pictures a play gets, and what stands on each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from infra.rehearsal.demo import database, eye_panels
from infra.rehearsal.demo.accounting import ChangeRow
from infra.rehearsal.demo.films import DAY_S, Cameras
from infra.rehearsal.demo.market import Money
from infra.rehearsal.demo.pictures import Drawing, Limit, draw, timeline
from infra.rehearsal.demo.report import Picture
from infra.rehearsal.demo.summary import Summary
from infra.rehearsal.recordings.replay import Loaded
from infra.rehearsal.simulator.truth import Truth
from models.alerting.alert import Kind
from models.alerting.words import OTHERS, PARAMETERS
from models.catalogue.derived import UNITS
from models.commune.configuration import Average, Commune, Rule, Station

SUBJECTS = {
    "river": ("Sông và mưa", "River and rain: levels against the alarm levels, alerts as triangles"),
    "street": ("Ngập đường", "Water over streets"),
    "water": ("Nước và cá lồng", "Water and caged fish, against the commune's levels"),
    "air": ("Không khí", "Air; bars are hour means, which the rule judges"),
    "eyes": ("Nước qua mắt camera", "Water as the cameras see it, dots; a line is the truth, grey where the camera itself says that it cannot know"),
    "people": ("Số người", "People in each zone, dots as the camera counts; a line is the truth, grey where it is not known"),
    "money": ("Tiền nhận mỗi giờ", "Money received each hour, net of refunds and reversals"),
}  # fmt: skip
"""One picture a subject, in this order; (Vietnamese, English)."""
RIVER = ("river", "rain", "flow", "water_pixels")
AIR = ("pm", "o3", "no", "so2", "co", "vn_aqi", "air_", "humidity", "dry_")
POINTS = 1500
"""Buckets of a long series; each keeps its highest and lowest value."""
SHORT = timedelta(days=7)
"""Rain is summed by the hour in a shorter span than this, by the day in a longer one."""
Panels = dict[str, list[Drawing]]


def subject(parameter: str) -> str:
    """Which picture a parameter stands on."""
    if parameter.startswith("street_"):
        return "street"
    if parameter.startswith(RIVER):
        return "river"
    if parameter.startswith("conductivity") or not parameter.startswith(AIR):
        return "water"
    return "air"


def drawn(panels: Panels) -> list[Picture]:
    """A picture for each subject that has data."""
    return [
        Picture((*SUBJECTS[name], draw(panels[name], name)))
        for name in SUBJECTS
        if any(one.times for one in panels.get(name, []))
    ]


def of_storm(
    db: database.Connection, commune: Commune, truth: Truth, summary: Summary, cameras: Cameras
) -> list[Picture]:
    """A picture for each subject of the day, and the messages on a time line."""
    return [*drawn(panels_of_storm(db, commune, truth, summary, cameras)), *_messages(commune, summary)]


def panels_of_storm(
    db: database.Connection, commune: Commune, truth: Truth, summary: Summary, cameras: Cameras
) -> Panels:
    """What stands on the pictures of the day, by subject: a panel for each rule and each zone, and the money."""
    day = (truth.start, truth.start + timedelta(days=1))
    panels: Panels = {}
    watched: dict[tuple[str, ...], list[Rule]] = {}
    for rule in commune.rules:
        watched.setdefault((rule.parameter, *rule.stations), []).append(rule)
    for rules in watched.values():
        rule = rules[0]
        true = {
            c.station: [(truth.start + timedelta(seconds=i * c.step_s), v) for i, v in enumerate(c.values)]
            for c in truth.curves
            if c.parameter == rule.parameter and c.station in rule.stations
        }
        silences = [(q.since, q.until) for q in truth.silences if q.parameter == rule.parameter]
        drawing = _of_rules(db, commune, rules, summary.changes, true, silences, day)
        panels.setdefault(subject(rule.parameter), []).append(drawing)
    panels["people"] = _zones(db, commune, summary, cameras.truth, truth.start)
    if waters := eye_panels.waters(db, commune, summary.changes, truth):
        panels["eyes"] = waters
    if summary.money is not None:
        panels["money"] = [_hours(truth.start, summary.money)]
    # One clock for all pictures of the day, so that one can be read above the other.
    span = (truth.start, summary.end) if summary.end > truth.start else day
    names = names_of(commune)
    return {name: [_named(replace(one, span=span), names) for one in own] for name, own in panels.items()}


def names_of(commune: Commune) -> dict[str, str]:
    """Stations and cameras by their ids."""
    return {station.id: station.name for station in commune.stations} | {
        camera.id: camera.name for camera in commune.cameras
    }


def _named(what: Drawing, names: Mapping[str, str]) -> Drawing:
    """The same with stations and cameras by their names."""
    return replace(
        what,
        values={names.get(key, key): points for key, points in what.values.items()},
        truth={names.get(key, key): points for key, points in what.truth.items()},
    )


def _hours(start: datetime, money: Money) -> Drawing:
    """What was received each hour; a bar stands over its hour."""
    hour = timedelta(hours=1)
    bars = [(start + n * hour, start + (n + 1) * hour, dong / 1e6) for n, dong in money.by_hour.items()]
    return Drawing("payments", "triệu đồng (million)", {}, bars=bars)


def _zones(
    db: database.Connection, commune: Commune, summary: Summary, truth: Mapping[str, Sequence[tuple[float, int | None]]],
    start: datetime,
) -> list[Drawing]:  # fmt: skip
    """People per zone, the truth of the film beside them where there is one; grey where nobody can know."""
    panels = []
    for camera in commune.cameras:
        seen = truth.get(camera.id, [])
        for zone in (each for each in camera.zones if each.analytic.kind is Kind.CROWD):
            # Not a number breaks the line where nobody can know.
            true = [
                (start + timedelta(seconds=at), math.nan if n is None else float(n))
                for at, n in seen
                if at < DAY_S
            ]
            limits = [Limit(level.raise_at, level.level, level.name) for level in zone.levels]
            parameter = zone.parameter
            changes = [c for c in summary.changes if (c.station, c.parameter) == (camera.id, parameter)]
            blind = [start + timedelta(seconds=at) for at, n in seen if n is None]
            panels.append(
                Drawing(
                    f"{zone.name}, {camera.name}", "người (people)", {camera.id: database.series(db, camera.id, parameter)},
                    limits, changes, {camera.id: true} if true else {}, [], [(min(blind), max(blind))] if blind else [],
                )
            )  # fmt: skip
    return panels


def of_files(
    db: database.Connection, commune: Commune, loaded: Sequence[Loaded], summary: Summary
) -> list[Picture]:
    """A picture for each subject, and the messages on a time line."""
    return [*drawn(panels_of_files(db, commune, loaded, summary)), *_messages(commune, summary)]


def panels_of_files(
    db: database.Connection, commune: Commune, loaded: Sequence[Loaded], summary: Summary
) -> Panels:
    """What stands on the pictures of recordings, by subject: a panel for each file, in the time of its own."""
    panels: Panels = {}
    for one in loaded:
        if one.broken:
            continue
        parameter, own = one.recording.picture, one.stations
        rules = [r for r in commune.rules if r.parameter == parameter and set(r.stations) & set(own)]
        measured = one.frame.filter(one.frame["parameter"] == parameter)
        names = sorted(measured["station"].unique().to_list())
        values = {name: database.series(db, name, parameter, max(8, POINTS // len(names))) for name in names}
        changes = [
            c for c in summary.changes if c.station in own and c.parameter == parameter and c.kind != "silent"
        ]
        title = f"{one.recording.vi} ({one.recording.path}): {parameter}"
        if parameter != "rain":
            drawing = Drawing(title, measured["unit"][0], values, _limits(rules), changes)
            panels.setdefault(subject(parameter), []).append(drawing)
        rain = one.frame.filter(one.frame["parameter"] == "rain")
        if not rain.is_empty():
            name, (first, last) = rain["station"][0], one.span
            bars = database.sums(db, name, "rain", by_day=last - first > SHORT)
            panels.setdefault("river", []).append(
                Drawing(f"{one.recording.vi} ({one.recording.path}): rain", rain["unit"][0], {}, bars=bars)
            )
    panels["people"] = _zones(db, commune, summary, {}, summary.start)
    return panels


def _of_rules(
    db: database.Connection, commune: Commune, rules: Sequence[Rule], changes: Sequence[ChangeRow],
    true: dict[str, list[tuple[datetime, float]]], silences: list[tuple[datetime, datetime]], day: tuple[datetime, datetime],
) -> Drawing:  # fmt: skip
    """What rules on one parameter watch, as it was measured or, of a reckoned one, as it was reckoned; hours' rain as bars."""
    rule, ids = rules[0], {rule.id for rule in rules}
    hour = timedelta(hours=1)
    own = [s for s in commune.stations if s.id in rule.stations]
    units = {p.unit for s in own for p in s.parameters if p.code == rule.parameter}
    bars: list[tuple[datetime, datetime, float]] = []
    if units:
        values = {name: _within(database.series(db, name, rule.parameter), day) for name in rule.stations}
    else:
        units = {UNITS.get(rule.parameter, rule.parameter)}
        found = database.derived(db, rule.parameter)
        values = {
            s.name: _within([(row.at, row.value, 1) for row in found if row.station == s.id], day)
            for s in own
        }
    if any(rule.average is Average.HOUR for rule in rules):
        hours = database.derived(db, f"{rule.parameter}_1h")
        bars = [(row.at - hour, row.at, row.value) for row in hours if row.station in rule.stations]
    elif rule.parameter.startswith("rain_"):
        bars = [one for s in own for one in database.sums(db, s.id, "rain", by_day=False)]
    bars = [bar for bar in bars if day[0] <= bar[0] and bar[1] <= day[1]]
    return Drawing(
        _title(rule, own), ", ".join(sorted(units)), values, _limits(rules), [c for c in changes if c.rule in ids], true, bars,
        silences,
    )  # fmt: skip


def _title(rule: Rule, own: Sequence[Station]) -> str:
    what = {
        "river_level": "mực nước (level)", "dissolved_oxygen": "oxy hòa tan (dissolved oxygen)", "pm25": "bụi mịn (PM2.5)",
        "oxygen_dawn": "oxy lúc bình minh, dự báo (forecast at dawn)", "rain_24h": "mưa: cột mỗi giờ, đường 24 giờ (hours as bars, 24 h as line)",
    }.get(rule.parameter)  # fmt: skip
    if what is None:
        vi, en = (PARAMETERS | OTHERS).get(rule.parameter, (rule.parameter, rule.parameter))
        what = vi if vi == en else f"{vi} ({en})"
    return f"{', '.join(station.name for station in own)}: {what}"


def _within(
    points: Sequence[tuple[datetime, float, int]], day: tuple[datetime, datetime]
) -> list[tuple[datetime, float, int]]:
    """Those of the day: what a station kept from before is no part of its picture."""
    return [point for point in points if day[0] <= point[0] <= day[1]]


def _limits(rules: Sequence[Rule]) -> list[Limit]:
    return [Limit(level.raise_at, level.level, level.name) for rule in rules for level in rule.levels]


def _messages(commune: Commune, summary: Summary) -> list[Picture]:
    if not summary.messages:
        return []
    names = {contact.id: contact.name for contact in commune.contacts}
    svg = timeline([message.row for message in summary.messages], names)
    words = "Messages on the time line, one row a person; filled when delivered"
    return [Picture(("Tin nhắn theo thời gian", words, svg))]
