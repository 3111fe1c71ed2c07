"""Tiles under the map: none by default; where a server is named, they lie where they belong, and only its pictures are let in."""

from __future__ import annotations

import math
import re

import pytest
from pydantic import ValidationError

from connectors.page import tiles
from connectors.page.frame import Frame
from connectors.page.map import svg
from connectors.page.map_file import sketch_of
from connectors.settings import ROOT, Settings

SERVER = "https://tiles.example:8443/{z}/{x}/{y}.png"
SKETCH = sketch_of(ROOT / "infra" / "commune")
IMAGE = re.compile(r'href="([^"]+)" x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"')


def test_without_a_server_the_map_is_our_own_and_asks_nobody() -> None:
    made = svg([], SKETCH, {}, size=(720, 620), text=24)

    assert "<image" not in made
    assert "http" not in made


def test_a_tile_lies_where_its_corners_are_and_together_they_cover_the_map() -> None:
    frame = Frame([(107.50, 16.51), (107.56, 16.58)], 720, 620, 40)

    found = [IMAGE.search(picture) for picture in tiles.pictures(SERVER, frame, 720, 620)]

    boxes = [tuple(float(one[i]) for i in range(2, 6)) for one in found if one]
    assert len(boxes) == len(found) > 1
    assert min(x for x, _, _, _ in boxes) <= 0
    assert min(y for _, y, _, _ in boxes) <= 0
    assert max(x + w for x, _, w, _ in boxes) >= 720
    assert max(y + h for _, y, _, h in boxes) >= 620
    assert all(w >= tiles.LEAST_PX for _, _, w, _ in boxes)
    # The tile of the middle, by the formula of EPSG:3857.
    zoom = int(found[0][1].split("/")[3]) if found[0] else 0
    longitude, latitude = 107.53, 16.545
    column = int((longitude + 180) / 360 * 2**zoom)
    row = int(
        (1 - math.log(math.tan(math.radians(latitude)) + 1 / math.cos(math.radians(latitude))) / math.pi)
        / 2
        * 2**zoom
    )
    (box,) = [
        each
        for each, one in zip(boxes, found, strict=True)
        if one and one[1].endswith(f"/{zoom}/{column}/{row}.png")
    ]
    x, y = frame((longitude, latitude))
    assert box[0] <= x <= box[0] + box[2]
    assert box[1] <= y <= box[1] + box[3]


def test_a_setting_never_makes_a_page_of_thousands() -> None:
    frame = Frame([(107.50, 16.51), (107.56, 16.58)], 20_000, 20_000, 40)

    assert tiles.pictures(SERVER, frame, 20_000, 20_000) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("", "", id="none"),
        pytest.param(SERVER, "https://tiles.example:8443", id="a server with a port"),
        pytest.param("http://maps.local/a/{z}/{x}/{y}", "http://maps.local", id="a folder of it"),
    ],
)
def test_only_the_pictures_of_that_server_are_let_in(text: str, wanted: str) -> None:
    assert tiles.origin(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "tiles.example/{z}/{x}/{y}",
        "https://tiles.example/{z}/{x}",
        "file:///{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
    ],
)
def test_what_is_no_address_of_tiles_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValidationError, match=r"expected an address like https://tiles"):
        Settings(map_tiles=text)
