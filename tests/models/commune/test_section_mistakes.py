"""Mistakes of cameras, payments and quality that no schema sees: each named at its place in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from connectors.commune import load
from connectors.settings import ROOT
from models.catalogue.analytics import ZoneKind
from models.commune.mistakes import mistakes
from models.quality.settings import Flat, Neighbour, Quality, Rate, Spike
from models.vision.camera import Camera, Zone, ZoneLevel
from models.vision.mistakes import area

if TYPE_CHECKING:
    from models.commune.configuration import Commune
    from models.envelope.mistake import Mistake

EXAMPLE = load(ROOT / "infra" / "commune")
SQUARE = [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)]
LINE = [(0.1, 0.1), (0.5, 0.5), (0.9, 0.9)]
ONE = ZoneLevel(1, "đông", 10, 8)
ZONE = Zone("san", "Sân", ZoneKind.CROWD, SQUARE, levels=[ONE])
CAMERA = Camera("cho", "Chợ", [EXAMPLE.hamlets[0].code], "rtsp://10.0.0.5/live", [ZONE])


def found_in(commune: Commune, *sections: str) -> list[Mistake]:
    """The mistakes of some sections only."""
    return [mistake for mistake in mistakes(commune) if mistake.path[0] in sections]


def of_camera(camera: Camera) -> list[tuple[Any, ...]]:
    return [mistake.path for mistake in found_in(replace(EXAMPLE, cameras=[camera]), "cameras")]


def with_zone(**changed: Any) -> Camera:
    return replace(CAMERA, zones=[replace(ZONE, **changed)])


LEVELS_2 = [ONE, ZoneLevel(2, "rất đông", 20, 18)]
ZONE_PATH = ("cameras", 0, "zones", 0)
CAMERAS = [
    pytest.param(CAMERA, [], id="nothing is wrong"),
    pytest.param(with_zone(levels=LEVELS_2), [], id="two levels, nested"),
    pytest.param(replace(CAMERA, address="phim/cho.mp4"), [], id="a film"),
    pytest.param(replace(CAMERA, id=EXAMPLE.stations[0].id), [("cameras", 0, "id")], id="the id of a station"),
    pytest.param(replace(CAMERA, hamlets=["nowhere"]), [("cameras", 0, "hamlets", 0)], id="no such hamlet"),
    pytest.param(replace(CAMERA, address="ftp://10.0.0.5/live"), [("cameras", 0, "address")], id="another scheme"),
    pytest.param(replace(CAMERA, address=" "), [("cameras", 0, "address")], id="no address"),
    pytest.param(replace(CAMERA, silent_after_s=1), [("cameras", 0, "silent_after_s")], id="silent after one frame"),
    pytest.param(replace(CAMERA, frozen_after_s=10, rate_per_s=0.1), [("cameras", 0, "frozen_after_s")], id="frozen after one frame"),
    pytest.param(replace(CAMERA, zones=[ZONE, ZONE]), [("cameras", 0, "zones", 1, "id")], id="a zone twice"),
    pytest.param(with_zone(name=" "), [(*ZONE_PATH, "name")], id="a zone without a name"),
    pytest.param(with_zone(polygon=LINE), [(*ZONE_PATH, "polygon")], id="a polygon without an area"),
    pytest.param(with_zone(without=[LINE]), [(*ZONE_PATH, "without")], id="a hole without an area"),
    pytest.param(with_zone(levels=[]), [(*ZONE_PATH, "levels")], id="a crowd without a level"),
    pytest.param(with_zone(kind=ZoneKind.COUNT), [(*ZONE_PATH, "levels")], id="levels where people are only counted"),
    pytest.param(with_zone(levels=[replace(ONE, clear_at=10)]), [(*ZONE_PATH, "levels", 0, "clear_at")], id="never left"),
    pytest.param(with_zone(levels=[ONE, replace(LEVELS_2[1], raise_at=9, clear_at=7)]), [(*ZONE_PATH, "levels", 1, "raise_at"), (*ZONE_PATH, "levels", 1, "clear_at")], id="the worse level below the milder"),
]  # fmt: skip


@pytest.mark.parametrize(("camera", "paths"), CAMERAS)
def test_a_camera(camera: Camera, paths: list[tuple[Any, ...]]) -> None:
    assert of_camera(camera) == paths


def test_a_password_in_an_address_is_named_and_not_repeated() -> None:
    camera = replace(CAMERA, address="rtsp://admin:hush@10.0.0.5/live")
    (found,) = found_in(replace(EXAMPLE, cameras=[camera]), "cameras")

    assert "hush" not in str(found)
    assert "camera_cho" in found.expected_en


@pytest.mark.parametrize(
    ("polygon", "size"), [pytest.param(SQUARE, 0.64, id="a square"), pytest.param(LINE, 0.0, id="a line")]
)
def test_the_area_of_a_polygon_is_a_part_of_the_picture(polygon: list[Any], size: float) -> None:
    assert area(polygon) == pytest.approx(size)


def changed(section: str, place: int, **fields: Any) -> Commune:
    """The example with one entry of a section changed."""
    entries = list(getattr(EXAMPLE, section))
    entries[place] = replace(entries[place], **fields)
    return replace(EXAMPLE, **{section: entries})


FIRST = next(i for i, merchant in enumerate(EXAMPLE.merchants) if merchant.accounts)
PROVIDER = next(iter(EXAMPLE.merchants[FIRST].accounts))
OTHER = next(i for i, merchant in enumerate(EXAMPLE.merchants) if i > FIRST and PROVIDER in merchant.accounts)
SHARED = EXAMPLE.merchants[FIRST].accounts[PROVIDER]
MERCHANT = EXAMPLE.fees[0].merchant
PAYMENTS = [
    pytest.param(EXAMPLE, [], id="nothing is wrong"),
    pytest.param(changed("merchants", 0, hamlet="nowhere"), [("merchants", 0, "hamlet")], id="a merchant nowhere"),
    pytest.param(changed("stalls", 0, hamlet="nowhere"), [("stalls", 0, "hamlet")], id="a stall nowhere"),
    pytest.param(changed("fees", 0, merchant="nobody"), [("fees", 0, "merchant")], id="a fee of nobody"),
    pytest.param(changed("stalls", 1, mark=EXAMPLE.stalls[0].mark), [("stalls", 1, "mark")], id="a mark twice"),
    pytest.param(changed("merchants", FIRST, accounts={PROVIDER: " "}), [("merchants", FIRST, "accounts", str(PROVIDER))], id="an empty account"),
    pytest.param(changed("merchants", OTHER, accounts={PROVIDER: SHARED}), [("merchants", OTHER, "accounts", str(PROVIDER))], id="an account of another"),
    pytest.param(changed("fees", 0, words=[" "]), [("fees", 0, "words", 0)], id="an empty word"),
    pytest.param(changed("fees", 1, merchant=MERCHANT, words=[EXAMPLE.fees[0].words[0].lower()]), [("fees", 1, "words", 0)], id="a word of another fee"),
]  # fmt: skip


@pytest.mark.parametrize(("commune", "paths"), PAYMENTS)
def test_payments(commune: Commune, paths: list[tuple[Any, ...]]) -> None:
    assert [mistake.path for mistake in found_in(commune, "merchants", "fees", "stalls")] == paths


STATION = EXAMPLE.stations[0]
CODE = STATION.parameters[0].code
ELSEWHERE = next(
    station.id for station in EXAMPLE.stations if CODE not in {each.code for each in station.parameters}
)
QUALITY = [
    pytest.param([Quality(CODE)], [], id="nothing is wrong"),
    pytest.param([Quality("nothing")], [("quality", 0, "parameter")], id="what nobody measures"),
    pytest.param([Quality(CODE, ["nowhere"])], [("quality", 0, "stations", 0)], id="no such station"),
    pytest.param([Quality(CODE, [ELSEWHERE])], [("quality", 0, "stations", 0)], id="a station without it"),
    pytest.param([Quality(CODE), Quality(CODE)], [("quality", 1, "parameter")], id="twice for all"),
    pytest.param([Quality(CODE, [STATION.id]), Quality(CODE)], [], id="for one, and for the others"),
    pytest.param([Quality(CODE, typical_low=2.0, typical_high=2.0)], [("quality", 0, "typical_high")], id="a range of nothing"),
    pytest.param([Quality(CODE, spike=Spike(2.0, 1.0))], [("quality", 0, "spike", "fail")], id="a spike fails before it is suspect"),
    pytest.param([Quality(CODE, rate=Rate(2.0, 2.0))], [("quality", 0, "rate", "fail")], id="a rate that is both"),
    pytest.param([Quality(CODE, flat=Flat(0.1, 3600, 1800))], [("quality", 0, "flat", "fail_s")], id="flat: fails first"),
    pytest.param([Quality(CODE, spike=Spike(1.0, 2.0), rate=Rate(1.0), flat=Flat(0.1, 1800, 3600))], [], id="in their order"),
    pytest.param([Quality(CODE, neighbour=Neighbour("nowhere", 0.5))], [("quality", 0, "neighbour", "station")], id="no such neighbour"),
]  # fmt: skip


@pytest.mark.parametrize(("quality", "paths"), QUALITY)
def test_quality(quality: list[Quality], paths: list[tuple[Any, ...]]) -> None:
    assert [mistake.path for mistake in found_in(replace(EXAMPLE, quality=quality), "quality")] == paths
