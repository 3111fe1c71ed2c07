"""The map as SVG: outline and river of our own sketch, places with their states; a tile server is a setting, none is needed."""

from __future__ import annotations

import math
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from connectors.page import shapes
from connectors.page.frame import Frame
from connectors.page.tiles import pictures
from models.catalogue.states import StateRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.page.now import Place
    from models.map.sketch import Line, Position, Sketch


class Theme(NamedTuple):
    """Colours of what has no state."""

    land: str
    edge: str
    water: str
    text: str
    halo: str


PAPER = Theme("#f3f1ea", "#8a8f96", "#5b8fc4", "#1b1f24", "#ffffff")
NIGHT = Theme("#23282f", "#5d6670", "#3f6f9e", "#d5dae1", "#14171b")


def positions(places: Sequence[Place]) -> tuple[list[tuple[Place, Position]], list[Place]]:
    """The places with where they stand, and those of which nobody has said it."""
    found = [
        (place, (place.longitude, place.latitude))
        for place in places
        if place.latitude is not None and place.longitude is not None
    ]
    return found, [place for place in places if place.latitude is None or place.longitude is None]


def hamlet_states(places: Sequence[Place]) -> dict[str, StateRow]:
    """The worst that is said of a place that concerns the hamlet, by the hamlet's code."""
    found: dict[str, StateRow] = {}
    for place in places:
        for code in place.hamlets:
            if code not in found or place.look.rank < found[code].rank:
                found[code] = place.look
    return found


def svg(
    places: Sequence[Place], sketch: Sketch, hamlets: Mapping[str, str], *, size: tuple[int, int], text: float,
    theme: Theme = PAPER, calm: bool = False, tiles: str = "",
) -> str:  # fmt: skip
    """The map of `size` pixels with text of `text` pixels. `hamlets` are those that exist, with their names.

    A place without a position is not drawn: `positions` tells who. `tiles`: the address of a tile server, see tiles.py.
    """
    width, height = size
    here, _ = positions(places)
    # What lies around the places decides what is seen: an outline may be larger than where the sensors stand.
    shown = [at for _, at in here] + [
        spot.at for spot in sketch.spots if spot.role == "hamlet" and spot.code in hamlets
    ]
    points = shown or list(sketch.points)
    title = "Bản đồ xã: trạm đo, camera và thôn với tình hình hiện tại"
    head = (
        f'<svg class="map" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" preserveAspectRatio="xMidYMid meet">'
        f"<title>{title}</title>"
    )
    if not points:
        return f'{head}<text x="{width / 2}" y="{height / 2}" text-anchor="middle" font-size="{text}" fill="{theme.text}">chưa có bản đồ</text></svg>'
    frame = Frame(points, width, height, 2.6 * text)
    under = pictures(tiles, frame, width, height)
    # On tiles the outline is a line: its ground would cover them.
    body = [
        *under,
        *(_line(line, frame, theme._replace(land="none") if under else theme, text) for line in sketch.lines),
    ]
    taken: list[tuple[float, float]] = []
    for _, at in here:
        taken.append(_beside(frame(at), taken, 1.7 * text))
    room = Room(
        width, height, [(x - 0.8 * text, y - 0.8 * text, x + 0.8 * text, y + 0.8 * text) for x, y in taken]
    )
    states = hamlet_states(places)
    spots = [spot for spot in sketch.spots if spot.role == "hamlet" and spot.code in hamlets]
    for spot in spots:
        x, y = frame(spot.at)
        room.take((x - 0.3 * text, y - 0.3 * text, x + 0.3 * text, y + 0.3 * text))
    for spot in spots:
        x, y = frame(spot.at)
        look = states.get(spot.code)
        fill = theme.edge if look is None else shapes.calm_colour(look) if calm else look.colour
        body.append(
            _hamlet(x, y, text, fill if look is None or look.known else f"url(#hatch-{look.code})", look)
        )
        body.append(_label(room, (x, y), hamlets[spot.code], 0.8 * text, theme))
    # The worst is drawn last, on top.
    for (one, _), (x, y) in reversed(list(zip(here, taken, strict=True))):
        words = f"{one.name}: {one.look.vi}"
        body.append(
            f"<g><title>{escape(words)}</title>{shapes.mark(one.look, x, y, 1.5 * text, calm=calm)}</g>"
        )
    return f"{head}{''.join(body)}</svg>"


class Room:
    """Rectangles (left, top, right, bottom) that are drawn on, within the paper."""

    def __init__(self, width: float, height: float, taken: list[tuple[float, float, float, float]]) -> None:
        self._width, self._height, self._taken = width, height, taken

    def take(self, box: tuple[float, float, float, float]) -> None:
        """Drawn on, whatever is there."""
        self._taken.append(box)

    def free(self, box: tuple[float, float, float, float]) -> bool:
        """Whether nothing is there."""
        left, top, right, bottom = box
        inside = left >= 0 and top >= 0 and right <= self._width and bottom <= self._height
        return inside and all(
            right <= a or left >= c or bottom <= b or top >= d for a, b, c, d in self._taken
        )


def _line(line: Line, frame: Frame, theme: Theme, text: float) -> str:
    role, name, points, _ = line
    path = " L".join(f"{x:.1f} {y:.1f}" for x, y in map(frame, points))
    if role == "outline":
        return f'<path d="M{path} Z" fill="{theme.land}" stroke="{theme.edge}" stroke-width="{text / 12:.1f}" stroke-dasharray="{text / 2:.0f} {text / 4:.0f}"/>'
    x, y = frame(points[len(points) // 3])
    return (
        f'<path d="{_curve([frame(point) for point in points])}" fill="none" stroke="{theme.water}" stroke-width="{text / 2.4:.1f}" stroke-linejoin="round" stroke-linecap="round"/>'
        f'<text x="{x:.1f}" y="{y + 1.5 * text:.1f}" font-size="{0.85 * text:.1f}" font-style="italic" fill="{theme.water}" stroke="{theme.halo}" '
        f'stroke-width="{text / 6:.1f}" paint-order="stroke">{escape(name)}</text>'
    )


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """Through the middles of the pieces, bent at the corners, as water flows."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (a, b) in pairwise(points[1:]):
        path += f" Q{x:.1f} {y:.1f} {(x + a) / 2:.1f} {(y + b) / 2:.1f}"
    return f"{path} L{points[-1][0]:.1f} {points[-1][1]:.1f}"


def _hamlet(x: float, y: float, text: float, fill: str, look: StateRow | None) -> str:
    side = 0.62 * text
    words = "" if look is None else f"<title>{escape(look.vi)}</title>"
    return f'<g>{words}<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}" fill="{fill}" stroke="{shapes.DARK}"/></g>'


def _label(room: Room, at: tuple[float, float], words: str, size: float, theme: Theme) -> str:
    """Its name on the side where there is room; nowhere: no name, the square and its title stay."""
    x, y = at
    long, gap = 0.56 * size * len(words), 0.55 * size
    sides = (
        ("start", x + gap, y, x + gap), ("end", x - gap, y, x - gap - long),
        ("middle", x, y + 1.1 * size, x - long / 2), ("middle", x, y - 1.1 * size, x - long / 2),
    )  # fmt: skip
    for anchor, text_x, middle, left in sides:
        box = (left, middle - 0.55 * size, left + long, middle + 0.55 * size)
        if room.free(box):
            room.take(box)
            return (
                f'<text x="{text_x:.1f}" y="{middle + 0.35 * size:.1f}" font-size="{size:.1f}" text-anchor="{anchor}" fill="{theme.text}" '
                f'stroke="{theme.halo}" stroke-width="{size / 5:.1f}" paint-order="stroke">{escape(words)}</text>'
            )
    return ""


def _beside(
    at: tuple[float, float], taken: Sequence[tuple[float, float]], apart: float
) -> tuple[float, float]:
    """The next free place to the right: two zones of one camera stand on one point."""
    x, y = at
    while any(math.hypot(x - a, y - b) < 0.9 * apart for a, b in taken):
        x += apart
    return x, y
