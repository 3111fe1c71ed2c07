"""What the store says of the cameras that watch water: for the table of their words, and drawn beside the truth."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from infra.rehearsal.demo import database
from infra.rehearsal.demo.eyes import DOUBT, RIVER, Evidences
from infra.rehearsal.demo.flood_eyes import COUNT, DEPTH, LEVEL
from infra.rehearsal.demo.pictures import Drawing, Limit
from infra.rehearsal.simulator.scene.flood_cameras import BOARD, CAMERAS, FORD, MARKS_CM
from infra.rehearsal.simulator.scene.floodplain import FORD_M
from models.alerting.alert import Kind
from models.catalogue.flags import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.rehearsal.demo.accounting import ChangeRow
    from infra.rehearsal.simulator.truth import Curve, Truth
    from models.commune.configuration import Commune

WITH_WORDS = (Kind.WATER_SEEN.value, Kind.FLOOD.value, *DOUBT)


def evidences(db: database.Connection, commune: Commune, truth: Truth) -> Evidences:
    """The words of the alerts, and what the five cameras and the gauge observed."""
    known = {camera.id for camera in commune.cameras}
    wanted = [(BOARD, LEVEL), (FORD, DEPTH), *((name, COUNT) for name in CAMERAS)]
    river = _river(truth)
    if river is not None:
        wanted.append((river.station, RIVER))
    observed = {
        key: database.series(db, *key) for key in wanted if key[0] in known or key[1] == RIVER
    }  # fmt: skip
    return Evidences(database.evidences(db, WITH_WORDS), observed)


def waters(
    db: database.Connection, commune: Commune, changes: Sequence[ChangeRow], truth: Truth
) -> list[Drawing]:
    """A panel for each zone of water and each board: dots as the camera says, a line as it was, grey where it says that it cannot know."""
    river = _river(truth)
    panels = []
    for camera in (each for each in commune.cameras if each.id in CAMERAS):
        for zone in camera.zones:
            if zone.analytic.kind is not Kind.WATER_SEEN:
                continue
            parameter = zone.parameter
            values = database.series(db, camera.id, parameter)
            limits = [Limit(level.raise_at, level.level, level.name) for level in zone.levels]
            own = [c for c in changes if (c.station, c.parameter) == (camera.id, parameter)]
            true = [] if river is None else _true(river, truth.start, camera.id)
            panels.append(
                Drawing(
                    f"{zone.name}, {camera.name}", zone.analytic.unit, {camera.id: values}, limits, own,
                    {camera.id: true} if true else {}, [], _unknown(values),
                )
            )  # fmt: skip
    return panels


def _river(truth: Truth) -> Curve | None:
    return next((curve for curve in truth.curves if curve.parameter == RIVER), None)


def _true(river: Curve, start: datetime, camera: str) -> list[tuple[datetime, float]]:
    """Depth over the ford, at most that of its deepest mark, or the level at the board, in cm."""
    at = [start + timedelta(seconds=i * river.step_s) for i in range(len(river.values))]
    if camera == FORD:
        deep = [min(max(0.0, 100 * (level - FORD_M)), MARKS_CM[-1]) for level in river.values]
    elif camera == BOARD:
        deep = [100 * level for level in river.values]
    else:
        return []
    return list(zip(at, deep, strict=True))


def _unknown(values: Sequence[tuple[datetime, float, int]]) -> list[tuple[datetime, datetime]]:
    """Spans of values that the camera itself calls unknown."""
    spans: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    last: datetime | None = None
    for at, _, flag in values:
        if flag == Flag.UNKNOWN:
            since, last = since or at, at
        elif since is not None and last is not None:
            spans.append((since, last))
            since = None
    if since is not None and last is not None:
        spans.append((since, last))
    return spans
