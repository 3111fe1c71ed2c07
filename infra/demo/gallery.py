"""Which pictures a play gets, and what stands on each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from infra.demo import database
from infra.demo.accounting import ChangeRow
from infra.demo.films import DAY_S, Cameras
from infra.demo.market import Money
from infra.demo.pictures import Drawing, Limit, draw, timeline
from infra.demo.report import Picture
from infra.demo.summary import Summary
from infra.recordings.replay import Loaded
from infra.simulator.truth import Truth
from models.alerting.alert import Kind
from models.commune.configuration import Average, Commune, Rule
from models.commune.place import PEOPLE

TITLES = {
    Kind.RIVER: ("Mực nước sông và các cấp báo động", "River against alarm levels, alerts as triangles; the line is the truth"),
    Kind.OXYGEN: ("Oxy hòa tan ở lồng cá", "Dissolved oxygen at the fish cages against the commune's levels"),
    Kind.AIR: ("Bụi mịn", "Fine dust; bars are hour means, which the rule judges"),
    Kind.SILENT: ("Mất tín hiệu", "Silence"),
    Kind.RAIN: ("Mưa", "Sums of rain against the levels of the law"),
    Kind.FISH: ("Cá lồng", "What the caged fish live in, against the commune's levels"),
}  # fmt: skip
POINTS = 1500
"""Buckets of a long series; each keeps its highest and lowest value."""


def of_storm(
    db: database.Connection, commune: Commune, truth: Truth, summary: Summary, cameras: Cameras
) -> list[Picture]:
    """A picture for each rule and each zone, and the messages on a time line."""
    pictures = []
    for rule in commune.rules:
        true = {
            c.station: [(truth.start + timedelta(seconds=i * c.step_s), v) for i, v in enumerate(c.values)]
            for c in truth.curves
            if c.parameter == rule.parameter and c.station in rule.stations
        }
        silences = [(q.since, q.until) for q in truth.silences if q.parameter == rule.parameter]
        drawing = _of_rule(db, commune, rule, summary.changes, true, silences)
        pictures.append(Picture((*TITLES[rule.kind], draw(drawing))))
    if summary.money is not None:
        pictures += _hours(truth, summary.money)
    return [*pictures, *_zones(db, commune, truth, summary, cameras), *_messages(commune, summary)]


def _hours(truth: Truth, money: Money) -> list[Picture]:
    """What was received each hour; a bar stands over its hour."""
    bars = [(truth.start + timedelta(hours=hour + 1), dong / 1e6) for hour, dong in money.by_hour.items()]
    drawing = Drawing("payments", "triệu đồng (million)", {}, bars=bars)
    words = "Money received each hour, net of refunds and reversals, million đồng"
    return [Picture(("Tiền nhận mỗi giờ", words, draw(drawing)))]


def _zones(
    db: database.Connection, commune: Commune, truth: Truth, summary: Summary, cameras: Cameras
) -> list[Picture]:
    """People per zone over the day, the truth of the film beside them; grey where nobody can know."""
    pictures = []
    for camera in commune.cameras:
        seen = cameras.truth.get(camera.id, [])
        for zone in camera.zones:
            # Not a number breaks the line where nobody can know.
            true = [
                (truth.start + timedelta(seconds=at), math.nan if n is None else float(n))
                for at, n in seen
                if at < DAY_S
            ]
            limits = [Limit(one.raise_at, one.level, one.name) for one in zone.levels]
            parameter = PEOPLE + zone.id
            changes = [c for c in summary.changes if (c.station, c.parameter) == (camera.id, parameter)]
            points = database.series(db, camera.id, parameter)
            blind = [truth.start + timedelta(seconds=at) for at, n in seen if n is None]
            spans = [(min(blind), max(blind))] if blind else []
            drawing = Drawing(
                parameter,
                "người (people)",
                {camera.id: points},
                limits,
                changes,
                {camera.id: true},
                [],
                spans,
            )
            title = f"Số người: {zone.name}, {camera.name}"
            words = "People in the zone, dots as the camera counts; the line is the truth, grey while it is frozen"
            pictures.append(Picture((title, words, draw(drawing))))
    return pictures


def of_files(
    db: database.Connection, commune: Commune, loaded: Sequence[Loaded], summary: Summary
) -> list[Picture]:
    """A picture for each file, and the messages on a time line."""
    pictures = []
    for one in loaded:
        parameter, own = one.recording.picture, one.stations
        rules = [r for r in commune.rules if r.parameter == parameter and set(r.stations) & set(own)]
        stations = rules[0].stations if rules and len(own) == 1 else own
        values = {
            name: database.series(db, name, parameter, max(8, POINTS // len(own)))
            for name in own
            if name in stations
        }
        changes = [
            c for c in summary.changes if c.station in own and c.parameter == parameter and c.kind != "silent"
        ]
        unit = one.frame.filter(one.frame["parameter"] == parameter)["unit"][0]
        bars: list[tuple[datetime, float]] = []
        drawing = Drawing(one.recording.en, unit, values, _limits(rules), changes, {}, bars)
        pictures.append(
            Picture(
                (one.recording.vi, f"{one.recording.en}: {parameter}, {one.recording.path}", draw(drawing))
            )
        )
    return [*pictures, *_messages(commune, summary)]


def _of_rule(
    db: database.Connection,
    commune: Commune,
    rule: Rule,
    changes: Sequence[ChangeRow],
    true: dict[str, list[tuple[datetime, float]]],
    silences: list[tuple[datetime, datetime]],
) -> Drawing:
    units = {
        p.unit
        for s in commune.stations
        for p in s.parameters
        if s.id in rule.stations and p.code == rule.parameter
    }
    hours = database.derived(db, f"{rule.parameter}_1h") if rule.average is Average.HOUR else []
    return Drawing(
        rule.id,
        ", ".join(sorted(units)),
        {name: database.series(db, name, rule.parameter) for name in rule.stations},
        _limits([rule]),
        [c for c in changes if c.rule == rule.id],
        true,
        [(row.at, row.value) for row in hours if row.station in rule.stations],
        silences,
    )


def _limits(rules: Sequence[Rule]) -> list[Limit]:
    return [Limit(level.raise_at, level.level, level.name) for rule in rules for level in rule.levels]


def _messages(commune: Commune, summary: Summary) -> list[Picture]:
    if not summary.messages:
        return []
    names = {contact.id: contact.name for contact in commune.contacts}
    svg = timeline([one.row for one in summary.messages], names, summary.start, summary.end)
    return [
        Picture(
            (
                "Tin nhắn theo thời gian",
                "Messages on the time line, one row a person; filled when delivered",
                svg,
            )
        )
    ]
