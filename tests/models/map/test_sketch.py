from __future__ import annotations

import json
import math
import random
from itertools import pairwise

import pytest

from connectors.settings import ROOT
from models.map.sketch import MOST_POINTS, mistakes, read, simplified

OWN = json.loads((ROOT / "infra" / "commune" / "map.geojson").read_text(encoding="utf-8"))


def feature(
    role: str = "hamlet", kind: str = "Point", coordinates: object = (107.5, 16.5), **properties: object
) -> dict:
    own = {"role": role, "code": "la-van-ha", "name": "Sông", "source": "assumed"} | properties
    at = list(coordinates) if isinstance(coordinates, tuple) else coordinates
    return {"type": "Feature", "properties": own, "geometry": {"type": kind, "coordinates": at}}


def collection(*features: object) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


SQUARE = [[[107.0, 16.0], [107.1, 16.0], [107.1, 16.1], [107.0, 16.0]]]
WRONG = [
    ("no collection", {"type": "Feature"}, "FeatureCollection"),
    ("a list", [], "FeatureCollection"),
    ("a feature that is a word", collection("x"), "properties"),
    ("an unknown role", collection(feature("school")), "one of: outline"),
    ("no source", collection(feature(source=" ")), "`source`"),
    ("no code", collection(feature(code=None)), "`code`"),
    ("another geometry", collection(feature("river", "Point")), "LineString"),
    ("a latitude of 100", collection(feature(coordinates=(107.5, 100))), "degrees"),
    ("not a number", collection(feature(coordinates=(107.5, math.nan))), "degrees"),
    ("a word as longitude", collection(feature(coordinates=("107", 16.5))), "degrees"),
    ("an open ring", collection(feature("outline", "Polygon", [SQUARE[0][:3]])), "closed ring"),
    ("a river of one point", collection(feature("river", "LineString", [[107.0, 16.0]])), "at least 2"),
    (
        "a whole survey",
        collection(feature("river", "LineString", [[107.0, 16.0]] * (MOST_POINTS + 1))),
        "at most",
    ),
]


@pytest.mark.parametrize(("name", "data", "expected"), WRONG, ids=[one[0] for one in WRONG])
def test_what_cannot_be_drawn_is_named_and_left_out(name: str, data: object, expected: str) -> None:
    found = mistakes(data)

    assert len(found) == 1, name
    assert expected in found[0].en
    assert found[0].vi
    assert list(read(data).points) == []


def test_the_other_features_of_a_map_with_a_mistake_serve() -> None:
    made = read(collection(feature("school"), feature(), feature("outline", "Polygon", SQUARE)))

    assert [spot.code for spot in made.spots] == ["la-van-ha"]
    assert [line.role for line in made.lines] == ["outline"]


def test_a_hamlet_that_no_configuration_has_is_a_mistake() -> None:
    found = mistakes(collection(feature(code="nowhere")), {"hamlet": {"la-van-ha"}})

    assert [mistake.found for mistake in found] == ["code: nowhere"]


def test_our_own_map_has_an_outline_a_river_and_says_of_each_line_where_it_is_from() -> None:
    assert mistakes(OWN) == []
    made = read(OWN)
    assert {line.role: bool(line.source) for line in made.lines} == {"outline": True, "river": True}
    assert all(spot.source.startswith("assumed") for spot in made.spots)
    assert sum(len(line.points) for line in made.lines) < 120


def test_a_simplified_ring_stays_closed_and_near_the_survey() -> None:
    dice = random.Random(14)  # noqa: S311 (no secret)
    ring = [
        (math.cos(a / 300 * math.tau) + dice.uniform(-0.002, 0.002), math.sin(a / 300 * math.tau))
        for a in range(300)
    ]
    ring.append(ring[0])
    kept = simplified(ring, 0.02, 4)

    assert kept[0] == kept[-1]
    assert 8 < len(kept) < 60
    for point in ring:
        assert min(_from(point, a, b) for a, b in pairwise(kept)) < 0.021


def _from(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    length = math.dist(a, b) or 1e-12
    part = max(
        0.0, min(1.0, ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length**2)
    )
    return math.dist(point, (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))


def test_all_that_must_be_seen_is_every_corner_and_every_spot() -> None:
    found = read(collection(feature("outline", "Polygon", SQUARE), feature()))

    assert set(found.points) == {(x, y) for x, y in SQUARE[0]} | {(107.5, 16.5)}


def test_of_a_ring_that_is_one_point_nothing_is_left_but_it() -> None:
    assert set(simplified([(107.0, 16.0)] * 4, 0.001, 3)) == {(107.0, 16.0)}
