"""Teach a camera its own place: from pictures of it and a few labelled crops, how its zones look when dry, and from what difference on it is water.

All or nothing: what cannot be learned from is refused by name (`NotTaught`). Deterministic: the same pictures teach the same.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.catalogue.analytics import ZONE_KINDS
from models.envelope.bilingual import Bilingual, figure
from models.vision import view
from models.vision.cells import COLUMNS, ROWS, Cells, at_points, cells
from models.vision.lesson import State
from models.vision.taught import ANY_HOUR, VERSION, Dry, Light, Taught, TaughtZone
from models.vision.teach_refusals import LEAST_DRY, refused
from models.vision.water import NEVER_DRY, hour_of, is_dark, light_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.camera import Camera, Zone
    from models.vision.lesson import Label, Shot

SPREAD_LEAST = 0.02
"""The least spread that a cell is given: few pictures of one minute look more alike than a month does. Chosen."""
MAD = 1.4826
"""The spread of a normal distribution by the median of the absolute deviations."""
DEFAULT_FROM, ABOVE_WET = 0.45, 0.15
"""Where nobody has seen the zone flooded: from this difference on, and by so much above the wettest crop, it is water."""
FROM_LEAST, FROM_MOST = 0.15, 0.6
SLOPE_LEAST, SLOPE_MOST = 6.0, 20.0
HARDLY, MOST_WET, MOST_FLOODED = 0.98, 0.9, 0.25
"""Of the cells: a fiftieth of the dry ones and a tenth of the wet ones may lie above the limit, a quarter of the flooded ones below."""
APART = 0.05
"""Dry and flooded crops must differ by more than this, or nothing can be told apart."""


class NotTaught(NamedTuple):
    """Why nothing was learned; each line names the picture, zone or number that is wrong."""

    reasons: list[Bilingual]


class Teaching(NamedTuple):
    """Who teaches, when, with which net, and what was known before (None: the camera is new)."""

    by: str
    at_ms: int
    net: str
    before: Taught | None = None


def teach(
    camera: Camera, shots: Sequence[Shot], labels: Sequence[Label], teaching: Teaching
) -> Taught | NotTaught:
    """What the camera knows after this; `shots` in any order, the first is the reference of the view."""
    zones = [zone for zone in camera.zones if ZONE_KINDS[zone.kind].net]
    why = refused(zones, shots, labels, teaching.before if _same_number(camera, teaching) else None)
    if why:
        return NotTaught(why)
    by_name = {shot.name: shot for shot in shots}
    dry = {zone.id: _dry_shots(zone, by_name, labels) for zone in zones}
    taught_dry = {zone.id: _history(zone, dry[zone.id]) for zone in zones}
    learned = _learn(zones, by_name, labels, dry)
    if isinstance(learned, Bilingual):
        return NotTaught([learned])
    water_from, slope, wet_from = learned
    counts = {
        zone.id: Counter(str(label.state) for label in labels if label.zone == zone.id) for zone in zones
    }
    first = shots[0]
    return Taught(
        VERSION,
        camera.id,
        camera.view,
        teaching.at_ms,
        teaching.by,
        teaching.net,
        first.width,
        first.height,
        _fields(shots),
        {
            zone.id: TaughtZone(
                [(x, y) for x, y in zone.polygon],
                ROWS,
                COLUMNS,
                taught_dry[zone.id],
                water_from,
                slope,
                wet_from,
                dict(counts[zone.id]),
            )
            for zone in zones
        },
    )


def _same_number(camera: Camera, teaching: Teaching) -> bool:
    return teaching.before is not None and teaching.before.view == camera.view


def _dry_shots(zone: Zone, by_name: dict[str, Shot], labels: Sequence[Label]) -> list[Shot]:
    """Pictures whose whole zone a person called dry, and in which one could see."""
    names = dict.fromkeys(
        label.picture
        for label in labels
        if label.zone == zone.id and label.state is State.DRY and label.crop is None
    )
    return [by_name[name] for name in names if not is_dark(by_name[name].look)]


def _history(zone: Zone, shots: list[Shot]) -> list[Dry]:
    """By light at all hours, and by hour where an hour has LEAST_DRY pictures of its own."""
    groups: dict[tuple[Light, int], list[Shot]] = {}
    for shot in shots:
        light = light_of(shot.look)
        groups.setdefault((light, ANY_HOUR), []).append(shot)
        if shot.at_ms is not None:
            groups.setdefault((light, hour_of(shot.at_ms)), []).append(shot)
    found = []
    for (light, hour), group in sorted(groups.items()):
        if len(group) >= LEAST_DRY:
            values = np.stack([_values(zone, shot) for shot in group])
            median, spread = _middle(values)
            edges = float(np.mean([view.edges(zone.polygon, shot.look.field) for shot in group]))
            found.append(Dry(light, hour, len(group), _bytes(median), _bytes(spread), edges))
    return found


def _values(zone: Zone, shot: Shot) -> NDArray[np.float32]:
    return at_points(shot.grid, cells(zone).centres)


def _middle(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    median = np.median(values, axis=0)
    spread = np.maximum(MAD * np.median(np.abs(values - median), axis=0), SPREAD_LEAST)
    return median.astype(np.float32), spread.astype(np.float32)


def _bytes(values: NDArray[np.float32]) -> bytes:
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8).tobytes()


def _fields(shots: Sequence[Shot]) -> dict[Light, bytes]:
    """The mean direction of edges by light."""
    groups: dict[Light, list[NDArray[np.float32]]] = {}
    for shot in shots:
        groups.setdefault(light_of(shot.look), []).append(shot.look.field)
    return {light: view.packed(np.mean(np.stack(group), axis=0)) for light, group in sorted(groups.items())}


def _learn(
    zones: list[Zone], by_name: dict[str, Shot], labels: Sequence[Label], dry: dict[str, list[Shot]]
) -> tuple[float, float, float] | Bilingual:
    """(water_from, slope, wet_from), from the cells of the crops of all zones together; or why they cannot be told apart.

    Of what is not flooded hardly a cell may count as water, of what is flooded most must: so the limit lies between both, and the
    way from not at all to quite begins above the first.
    """
    found: dict[State, list[NDArray[np.float32]]] = {state: [] for state in State}
    for zone in zones:
        for label in labels:
            if label.zone == zone.id:
                found[label.state].append(_difference(zone, label, by_name[label.picture], dry[zone.id]))
    most = float(np.quantile(np.concatenate(found[State.DRY]), HARDLY))
    if found[State.WET]:
        most = max(most, float(np.quantile(np.concatenate(found[State.WET]), MOST_WET)))
    if found[State.FLOODED]:
        least = float(np.quantile(np.concatenate(found[State.FLOODED]), MOST_FLOODED))
        if least <= most + APART:
            return _alike(most, least)
        water_from = (least + most) / 2
    else:
        water_from = max(DEFAULT_FROM, most + ABOVE_WET)
    water_from = min(max(water_from, FROM_LEAST), FROM_MOST)
    # From 0 at 2 / slope below the limit: not below what is seen without water, nor below nothing at all.
    room = max(water_from - max(most, 0.0), APART)
    dry_mean = max(0.0, *(float(each.mean()) for each in found[State.DRY]))
    wet_mean = min((float(each.mean()) for each in found[State.WET]), default=water_from)
    return water_from, min(max(2 / room, SLOPE_LEAST), SLOPE_MOST), max((dry_mean + wet_mean) / 2, APART)


def _alike(most: float, least: float) -> Bilingual:
    high, low = figure(most, 2), figure(least, 2)
    return Bilingual(
        f"không phân biệt được: mẫu không ngập khác lúc khô tới {high.vi}, mẫu ngập chỉ từ {low.vi}",
        f"not to be told apart: crops that are not flooded differ from dry by up to {high.en}, flooded ones from {low.en} on",
    )


def _difference(zone: Zone, label: Label, shot: Shot, dry: list[Shot]) -> NDArray[np.float32]:
    """How far each cell of a crop differs from the dry history, less the spread; the picture itself is not part of that.

    Of the cells that can tell (models/vision/water.py); of all where none can.
    """
    raster = cells(zone)
    others = [
        other for other in dry if other.name != shot.name and light_of(other.look) is light_of(shot.look)
    ]
    others = others or [other for other in dry if other.name != shot.name] or dry
    median, spread = _middle(np.stack([_values(zone, other) for other in others]))
    kept = _within(raster, label)
    if kept.any():
        telling = kept & (median <= NEVER_DRY)
        above = np.maximum(_values(zone, shot) - median, 0) - spread
        return np.asarray(above[telling if telling.any() else kept], np.float32)
    # A crop beside the zone (a ditch, a puddle): its own probability, against what the zone's ground usually shows.
    points = _crop_points(label)
    usual, usual_spread = float(median[raster.inside].mean()), float(spread[raster.inside].mean())
    return np.asarray(np.maximum(at_points(shot.grid, points) - usual, 0.0) - usual_spread, np.float32)


def _within(raster: Cells, label: Label) -> NDArray[np.bool_]:
    if label.crop is None:
        return raster.inside
    x1, y1, x2, y2 = label.crop
    x, y = raster.centres[:, 0], raster.centres[:, 1]
    return np.asarray(raster.inside & (x >= x1) & (x <= x2) & (y >= y1) & (y <= y2))


def _crop_points(label: Label) -> NDArray[np.float32]:
    x1, y1, x2, y2 = label.crop or (0.0, 0.0, 1.0, 1.0)
    parts = (np.arange(8) + 0.5) / 8
    x, y = np.meshgrid(x1 + parts * (x2 - x1), y1 + parts * (y2 - y1))
    return np.stack((x, y), axis=-1).reshape(-1, 2).astype(np.float32)
