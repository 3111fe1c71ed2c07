"""The map of a commune as a GeoJSON of its own: outline, river, and where its hamlets lie.

    {"type": "FeatureCollection", "features": [
      {"type": "Feature", "properties": {"role": "outline", "name": "Xã Quảng Điền", "source": "..."},
       "geometry": {"type": "Polygon", "coordinates": [[[107.5468, 16.5963], ...]]}},
      {"type": "Feature", "properties": {"role": "hamlet", "code": "la-van-ha", "source": "assumed"},
       "geometry": {"type": "Point", "coordinates": [107.52, 16.53]}}]}

Positions are longitude, latitude in degrees (WGS 84). Each feature names its source; "assumed" is a source too.
Where stations and cameras stand, their own files say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

Position = tuple[float, float]
"""Longitude and latitude, degrees."""
LINES = {"outline": "Polygon", "river": "LineString"}
POINTS = ("hamlet",)
MOST_POINTS = 400
"""Of one line: a map on a screen shows no more, and a copied survey is no sketch."""
LEAST_RING, LEAST_LINE = 4, 2


class Line(NamedTuple):
    """An outline (closed) or a river."""

    role: str
    name: str
    points: tuple[Position, ...]
    source: str


class Spot(NamedTuple):
    """Where a hamlet lies."""

    role: str
    code: str
    at: Position
    source: str


class Sketch(NamedTuple):
    """What a map is drawn from."""

    lines: tuple[Line, ...] = ()
    spots: tuple[Spot, ...] = ()

    @property
    def points(self) -> Iterator[Position]:
        """All that must be seen."""
        for line in self.lines:
            yield from line.points
        for spot in self.spots:
            yield spot.at


class Mistake(NamedTuple):
    """What is wrong with a feature of the file (`feature`: its index; None: the file itself)."""

    feature: int | None
    found: str
    vi: str
    en: str


def read(data: Any) -> Sketch:
    """The sketch in the content of a file; features that `mistakes` would name are left out, the others serve."""
    wrong = {mistake.feature for mistake in mistakes(data)}
    if None in wrong:
        return Sketch()
    lines, spots = [], []
    for number, feature in enumerate(data["features"]):
        if number in wrong:
            continue
        own, geometry = feature["properties"], feature["geometry"]
        role, source = own["role"], own["source"]
        if role in POINTS:
            spots.append(Spot(role, own["code"], _position(geometry["coordinates"]), source))
        else:
            points = geometry["coordinates"][0] if role == "outline" else geometry["coordinates"]
            lines.append(Line(role, own["name"], tuple(map(_position, points)), source))
    return Sketch(tuple(lines), tuple(spots))


def mistakes(data: Any, known: dict[str, set[str]] | None = None) -> list[Mistake]:
    """Everything in the content of a file that cannot be drawn; with `known` (codes by role) also what nobody has."""
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        return [Mistake(None, "…", "GeoJSON loại FeatureCollection", "a GeoJSON FeatureCollection")]
    return [one for number, feature in enumerate(features) for one in _wrong(number, feature, known)]


def _wrong(number: int, feature: Any, known: dict[str, set[str]] | None) -> Iterator[Mistake]:
    own = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(own, dict) or not isinstance(geometry, dict):
        yield Mistake(number, "feature: …", "có properties và geometry", "properties and geometry")
        return
    role = own.get("role")
    if role not in (*LINES, *POINTS):
        yield Mistake(
            number,
            f"role: {role}",
            f"một trong: {', '.join((*LINES, *POINTS))}",
            f"one of: {', '.join((*LINES, *POINTS))}",
        )
        return
    for key in ("source", "code" if role in POINTS else "name"):
        if not isinstance(own.get(key), str) or not own[key].strip():
            yield Mistake(number, f"{key}: ?", f"thêm `{key}`", f"`{key}` added")
            return
    wanted = LINES.get(role, "Point")
    if geometry.get("type") != wanted:
        yield Mistake(number, f"geometry: {geometry.get('type')}", wanted, wanted)
        return
    yield from _wrong_points(number, role, geometry.get("coordinates"))
    if known is not None and role in POINTS and own["code"] not in known.get(role, set()):
        yield Mistake(
            number, f"code: {own['code']}", f"mã có trong cấu hình ({role})", f"a {role} of the configuration"
        )


def _wrong_points(number: int, role: str, coordinates: Any) -> Iterator[Mistake]:
    points = [coordinates] if role in POINTS else coordinates
    if role == "outline":
        points = coordinates[0] if isinstance(coordinates, list) and coordinates else None
    if not isinstance(points, list) or not all(_is_position(point) for point in points):
        yield Mistake(
            number, "coordinates: …", "[kinh độ, vĩ độ] theo độ", "[longitude, latitude] in degrees"
        )
    elif role == "outline" and (len(points) < LEAST_RING or points[0] != points[-1]):
        yield Mistake(
            number,
            f"{len(points)} điểm",
            "vòng khép kín, ít nhất 4 điểm",
            "a closed ring of at least 4 points",
        )
    elif role == "river" and len(points) < LEAST_LINE:
        yield Mistake(number, f"{len(points)} điểm", "ít nhất 2 điểm", "at least 2 points")
    elif len(points) > MOST_POINTS:
        yield Mistake(
            number, f"{len(points)} điểm", f"tối đa {MOST_POINTS} điểm", f"at most {MOST_POINTS} points"
        )


def _is_position(one: Any) -> bool:
    if not isinstance(one, list) or len(one) != 2:
        return False
    numbers = [
        each
        for each in one
        if isinstance(each, int | float) and not isinstance(each, bool) and math.isfinite(each)
    ]
    return len(numbers) == 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) < 85


def _position(one: Sequence[float]) -> Position:
    return float(one[0]), float(one[1])


def simplified(ring: Sequence[Position], tolerance: float, decimals: int) -> list[Position]:
    """A closed ring with as few corners as keep it within `tolerance` (degrees), rounded to `decimals`.

    Ramer-Douglas-Peucker, on the two halves between the first point and the one furthest from it.
    """
    far = max(range(len(ring)), key=lambda at: math.dist(ring[at], ring[0]))
    kept = _simplify(ring[: far + 1], tolerance)[:-1] + _simplify(ring[far:], tolerance)
    return [(round(x, decimals), round(y, decimals)) for x, y in kept]


def _simplify(line: Sequence[Position], tolerance: float) -> list[Position]:
    """Without recursion: a survey has thousands of points."""
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        at = max(range(first + 1, last), key=lambda one: _off(line[one], line[first], line[last]))
        if _off(line[at], line[first], line[last]) > tolerance:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [line[at] for at in sorted(keep)]


def _off(point: Position, a: Position, b: Position) -> float:
    """Distance of `point` from the line through `a` and `b`."""
    length = math.dist(a, b)
    if length == 0:
        return math.dist(point, a)
    return abs((b[0] - a[0]) * (a[1] - point[1]) - (b[1] - a[1]) * (a[0] - point[0])) / length
