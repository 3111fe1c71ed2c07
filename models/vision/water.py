"""Water in a zone of a picture: what differs from the zone's own dry history, in the light and at the hour of the picture.

A net alone calls 80 % of a dry street water; beside the street's own dry pictures it is 2 to 8 %. So what an untaught camera says is SUSPECT, and
what cannot be known (darkness, another view than was taught, a light that was never seen dry) is UNKNOWN, with no number made up.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.catalogue.flags import Flag
from models.envelope.bilingual import VIETNAM, Bilingual
from models.vision import view
from models.vision.cells import at_points, cells
from models.vision.depth import depth
from models.vision.taught import ANY_HOUR, Light

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone
    from models.vision.look import Look
    from models.vision.taught import Dry, Taught, TaughtZone

DAY_FROM, DUSK_FROM = 70.0, 40.0
"""Mean level of the picture (of 255): 22 dry streets by day 78 to 137, 300 flooded ones 39 to 210 with 95 % above 87. Chosen, not learned."""
DARK_MEAN, DARK_TOP = 20.0, 64.0
"""Darker than this, or hardly anything above this level: nobody sees water, lamps or not."""
NEVER_DRY = 0.6
"""A cell whose dry median is above this always looks like water (a pond, glossy paint, sky): it can tell nothing."""
LEAST_TELLING = 0.3
"""Of a zone's cells must be able to tell."""
FARTHEST = 0.05
"""A view that has moved farther than this, in parts of the picture, is another view: the zone lies elsewhere."""
RATIO = 0.02
"""The pictures' ratio of sides may differ so much from those taught: a decoder's rounding; 4:3 and 16:9 differ by a third."""
NAIVE_FROM, NAIVE_SLOPE = 0.5, 8.0
"""Of an untaught zone, in which the probability itself counts."""
ENOUGH = 8
"""So many dry pictures give half of the confidence that history can give."""
HALF = 0.5
"""Water where all edges of the dry road are still seen is half as sure: a film, a reflection, or a mistake."""
LEAST_EDGES = 0.05
"""Of a zone's cells must have an edge when it is dry, for their absence to say anything."""
UNTAUGHT_MOST = 0.3
"""An untaught camera is never surer."""
OF_LIGHT = {Light.DAY: 1.0, Light.DUSK: 0.8, Light.NIGHT: 0.4}

UNTAUGHT = Bilingual("camera chưa được dạy", "the camera is untaught")
REDRAWN = Bilingual("vùng đã vẽ lại từ khi dạy", "the zone was drawn anew since it was taught")
OTHER_SIZE = Bilingual("ảnh có tỉ lệ khác lúc dạy", "pictures of another ratio than taught")
DARK = Bilingual("tối, không đủ ánh sáng", "too dark to see water")
STRANGE_LIGHT = Bilingual("chưa được dạy với ánh sáng này", "untaught in this light")
BY_NIGHT = Bilingual("ban đêm, cần kiểm tra", "by night, to be checked")
MOVED = Bilingual("khung hình khác lúc dạy", "another view than taught")
ALWAYS_WATER = Bilingual("vùng khô cũng giống nước", "the zone looks like water even when dry")
BLIND = Bilingual("camera không nhìn thấy", "the camera does not see")


class Wet(NamedTuple):
    """What a zone shows: `share` in % of it, `depth` in cm (None without marks), `confidence` 0..1, how far it can be believed and why not.

    `difference`: the mean of the difference to the dry history, 0..1. `cells`: how wet each of the zone's cells is, 0..1.
    """

    share: float
    depth: float | None
    confidence: float
    flag: Flag
    why: Bilingual | None
    difference: float
    light: Light | None
    cells: NDArray[np.float32]


def light_of(look: Look) -> Light:
    """By how light the picture is."""
    if look.mean >= DAY_FROM:
        return Light.DAY
    return Light.DUSK if look.mean >= DUSK_FROM else Light.NIGHT


def is_dark(look: Look) -> bool:
    """Whether nobody could see water in it."""
    return look.mean < DARK_MEAN or look.top < DARK_TOP


def hour_of(at_ms: int) -> int:
    """0-23 in Vietnam."""
    return datetime.fromtimestamp(at_ms / 1000, VIETNAM).hour


def water(zone: Zone, looked: Looked) -> Wet | None:
    """What the zone shows; None where no net has looked for water. Reckoned once a picture."""
    if looked.water is None:
        return None
    if zone.id not in looked.found:
        looked.found[zone.id] = _water(zone, looked, looked.water)
    found: Wet = looked.found[zone.id]
    return found


def _water(zone: Zone, looked: Looked, grid: NDArray[np.float32]) -> Wet:
    raster = cells(zone)
    probability = at_points(grid, raster.centres, looked.shift)
    light = None if looked.look is None else light_of(looked.look)
    taught = looked.taught
    own = None if taught is None else taught.zones.get(zone.id)
    if taught is None or own is None:
        return _untaught(zone, probability, looked, light, UNTAUGHT)
    if [tuple(point) for point in own.polygon] != [tuple(point) for point in zone.polygon]:
        return _untaught(zone, probability, looked, light, REDRAWN)
    if looked.look is None or light is None:
        return _untaught(zone, probability, looked, light, STRANGE_LIGHT)
    dry = dry_of(own, light, hour_of(looked.at_ms))
    doubt = _unknown(taught, dry, looked, light)
    if dry is None:
        return _untaught(zone, probability, looked, light, doubt or STRANGE_LIGHT)
    median, spread = history(dry)
    telling = median <= NEVER_DRY
    known = raster.inside & telling
    difference = np.maximum(probability - median, 0)
    wet = wetness(difference - spread, own.water_from, own.slope)
    if known.sum() < max(1.0, LEAST_TELLING * raster.inside.sum()):
        doubt, known = doubt or ALWAYS_WATER, raster.inside
    flag = Flag.UNKNOWN if doubt else Flag.GOOD
    if flag is Flag.GOOD and (light is Light.NIGHT or dry.light is not light):
        # A camera raises no alarm alone at night: what it says is a check.
        flag, doubt = Flag.SUSPECT, BY_NIGHT if light is Light.NIGHT else STRANGE_LIGHT
    share = float(wet[known].mean())
    sure = OF_LIGHT[light] * dry.pictures / (dry.pictures + ENOUGH) * _decided(wet[known])
    sure *= 1 - HALF * _contradiction(share, dry, view.edges(zone.polygon, looked.look.field))
    return Wet(
        100 * share,
        depth(zone, wet, telling) if zone.marks else None,
        0.0 if flag is Flag.UNKNOWN else sure,
        flag,
        doubt,
        float(difference[known].mean()),
        light,
        wet,
    )


def wetness(difference: NDArray[np.float32], water_from: float, slope: float) -> NDArray[np.float32]:
    """0..1 of each cell; it never falls as the difference grows."""
    return np.asarray(np.clip(0.5 + slope / 4 * (difference - water_from), 0, 1), np.float32)


def dry_of(own: TaughtZone, light: Light, hour: int) -> Dry | None:
    """The dry history that fits: of this light at this hour, else of this light, else by dusk that of the day."""
    for wanted, at in ((light, hour), (light, ANY_HOUR), (Light.DAY, ANY_HOUR)):
        if wanted is not light and light is Light.NIGHT:
            break
        found = next((dry for dry in own.dry if dry.light is wanted and dry.hour == at), None)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=1024)
def history(dry: Dry) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Median and spread of each cell, 0..1."""
    median, spread = (
        np.frombuffer(each, np.uint8).astype(np.float32) / np.float32(255)
        for each in (dry.median, dry.spread)
    )
    return median, spread


def _unknown(taught: Taught, dry: Dry | None, looked: Looked, light: Light) -> Bilingual | None:
    """Why nothing can be known."""
    height, width = looked.picture.shape[:2]
    if abs((width / height) / (taught.width / taught.height) - 1) > RATIO:
        return OTHER_SIZE
    if looked.look is None or is_dark(looked.look):
        return DARK
    if dry is None:
        return STRANGE_LIGHT
    if not looked.sees:
        return BLIND
    if max(abs(part) for part in looked.shift) > FARTHEST or not _same_view(taught, looked.look, light):
        return MOVED
    return None


def _same_view(taught: Taught, look: Look, light: Light) -> bool:
    body = (
        taught.fields.get(light) or taught.fields.get(Light.DAY) or next(iter(taught.fields.values()), None)
    )
    if body is None:
        return False
    weights = _weights(tuple(tuple(zone.polygon) for zone in taught.zones.values()))
    return view.register(view.unpacked(body), look.field, weights).same


@lru_cache(maxsize=256)
def _weights(polygons: tuple[tuple[tuple[float, float], ...], ...]) -> NDArray[np.float32]:
    return view.away_from([list(polygon) for polygon in polygons])


def _untaught(
    zone: Zone, probability: NDArray[np.float32], looked: Looked, light: Light | None, why: Bilingual
) -> Wet:
    """What the net alone says: to be seen, and judged by nothing."""
    raster = cells(zone)
    wet = wetness(probability, NAIVE_FROM, NAIVE_SLOPE)
    dark = not looked.sees or (looked.look is not None and is_dark(looked.look))
    known = raster.inside if raster.inside.any() else np.ones_like(raster.inside)
    return Wet(
        100 * float(wet[known].mean()),
        depth(zone, wet, np.ones_like(known)) if zone.marks else None,
        0.0 if dark else UNTAUGHT_MOST * _decided(wet[known]),
        Flag.UNKNOWN if dark else Flag.SUSPECT,
        (DARK if looked.sees else BLIND) if dark else why,
        float(probability[known].mean()),
        light,
        wet,
    )


def _contradiction(share: float, dry: Dry, edges: float) -> float:
    """0..1: water that covers the zone hides the edges of the road; how far they are there all the same. A road without edges says nothing."""
    if dry.edges < LEAST_EDGES:
        return 0.0
    return min(1.0, max(0.0, share + min(1.0, edges / dry.edges) - 1))


def _decided(wet: NDArray[np.float32]) -> float:
    """How far cells are either dry or under water: 1 if all are, 0 if all are between."""
    return float(np.abs(2 * wet - 1).mean())
