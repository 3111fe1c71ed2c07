"""Teaching a camera: pictures of a folder, what a person drew and labelled, the page in a real browser, and the proposal for cameras.yaml."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import cv2
import msgspec
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from connectors import commune as files
from connectors.settings import ROOT
from connectors.teach import pictures, proposal
from connectors.teach.application import application
from connectors.teach.session import Session, Work
from infra.phusa import app
from models.catalogue.analytics import ZoneKind
from models.vision.camera import DepthMark, Zone, ZoneLevel
from models.vision.detection import Detections
from models.vision.lesson import Label, State
from models.vision.taught import Taught
from models.vision.teach import NotTaught
from tests.builders import START_MS
from tests.connectors.page.chrome import chromium, served
from tests.water import MARKS, ROAD, camera, road, scene, segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

KEY = "chia"


class Blue:
    """For this net blue is water."""

    name, size = "blue", (320, 180)

    def __call__(self, several: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        return segment(several)


class Nobody:
    name, size = "nobody", (320, 180)

    def __call__(self, several: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        return [Detections.none() for _ in several]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight dry pictures of a morning, two of a flood, one of them a PNG."""
    made = tmp_path / "anh"
    made.mkdir()
    for i in range(8):
        cv2.imwrite(str(made / f"kho_20261012T07{i:02}.jpg"), scene(0.0, 0.9 + 0.02 * i))
    cv2.imwrite(str(made / "ngap_20261012T0900.jpg"), scene(0.6))
    cv2.imwrite(str(made / "ngap_20261012T0910.png"), scene(0.8))
    return made


def session(folder: Path) -> Session:
    return Session(camera(), pictures.of_folder(folder), (Nobody(), Blue()))


FLOODED = [
    Label("ngap_20261012T0900.jpg", "duong", State.FLOODED, (0.1, 0.8, 0.9, 1.0)),
    Label("ngap_20261012T0910.png", "duong", State.FLOODED, (0.1, 0.8, 0.9, 1.0)),
]
WORK = Work(labels=FLOODED, rest=State.DRY)


def test_a_folder_and_a_few_labels_teach_it_and_it_says_what_it_would_have_said(folder: Path) -> None:
    own = session(folder)
    assert own.put(WORK) == []
    learned = own.learn("người dạy", START_MS)

    assert isinstance(learned, Taught)
    said = {(each.picture, each.parameter): each for each in own.would_have_said(learned)}
    assert said["kho_20261012T0703.jpg", "water_share/duong"].value < 2
    assert said["ngap_20261012T0910.png", "water_share/duong"].value == pytest.approx(80, abs=8)
    assert said["ngap_20261012T0910.png", "water_depth/duong"].value == pytest.approx(60, abs=8)
    assert said["ngap_20261012T0910.png", "water_state/duong"].value == 2


def test_only_dry_labels_teach_nothing(folder: Path) -> None:
    own = session(folder)
    own.put(Work(rest=State.DRY))

    found = own.learn("người dạy", START_MS)
    assert isinstance(found, NotTaught)
    assert "only dry crops" in found.reasons[0].en
    assert own.learned is None


def test_what_is_no_picture_is_named(folder: Path) -> None:
    (folder / "hong.jpg").write_bytes(b"\xff\xd8 broken")
    with pytest.raises(pictures.UnusableError, match=r"hong\.jpg"):
        session(folder).shots()
    with pytest.raises(pictures.UnusableError, match="no such folder"):
        pictures.of_folder(folder / "none")


WRONG = {
    "a mark outside its zone": (
        msgspec.structs.replace(road(), marks=[DepthMark(((0.1, 0.2), (0.9, 0.2)), 10)], levels=[ZoneLevel(1, "n", 5, 2)]),
        "marks.0.line",
    ),
    "marks that go back": (msgspec.structs.replace(road(), marks=[MARKS[1], MARKS[0]]), "marks.1.depth_cm"),
    "a deeper mark that lies lower": (
        msgspec.structs.replace(
            road(),
            marks=[MARKS[0], msgspec.structs.replace(MARKS[1], line=((0.1, 0.95), (0.9, 0.95)))],
            levels=[ZoneLevel(1, "n", 20, 10)],
        ),
        "marks.1.line",
    ),
    "edges that cross": (msgspec.structs.replace(road(), polygon=[ROAD[0], ROAD[2], ROAD[1], ROAD[3]]), "polygon"),
    "inside out": (msgspec.structs.replace(road(), polygon=[(0, 0), (1, 0), (1, 1), (0, 1)]), "polygon"),
    "a level deeper than the deepest mark": (
        msgspec.structs.replace(road(), levels=[ZoneLevel(1, "n", 70, 10)]), "levels.0.raise_at",
    ),
    "a level of more than the whole zone": (
        msgspec.structs.replace(road(marks=False), levels=[ZoneLevel(1, "n", 101, 10)]), "levels.0.raise_at",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "where"), WRONG.values(), ids=WRONG)
def test_what_is_drawn_wrong_is_named_and_nothing_of_it_taken(folder: Path, drawn: Zone, where: str) -> None:
    own = session(folder)
    wrong = own.put(Work(zones=[drawn]))

    assert where in [".".join(map(str, each.path[4:])) for each in wrong]
    assert own.work == Work()


def test_the_page_asks_for_its_key_and_learns_and_accepts_what_was_learned(folder: Path) -> None:
    accepted: list[Taught] = []
    client = TestClient(application(session(folder), KEY, lambda: START_MS, accepted.append))
    head = {"x-key": KEY.encode()}

    assert client.get("/").status_code == 403
    assert client.get("/picture/0.jpg").status_code == 403
    assert client.post("/work", content=msgspec.json.encode(WORK)).status_code == 403
    assert client.get("/", params={"key": KEY}).status_code == 200
    assert client.get("/picture/0.jpg", params={"key": KEY}).content.startswith(b"\xff\xd8")
    assert client.get("/picture/99.jpg", params={"key": KEY}).status_code == 404
    assert client.post("/accept", headers=head).status_code == 409
    assert client.post("/work", headers=head, content=b'{"zones": [{"id": 1}]}').status_code == 400
    outside = msgspec.json.encode(Work(zones=[road()])).replace(b"0.9,", b"1.9,")
    assert client.post("/work", headers=head, content=outside).status_code == 400
    assert client.post("/work", headers=head, content=msgspec.json.encode(WORK)).json()["wrong"] == []
    assert client.post("/learn", headers=head).status_code == 422
    said = client.post("/learn", headers=head, params={"by": "cô Hoa"}).json()["said"]
    assert len(said) == 30
    assert client.post("/accept", headers=head).status_code == 200
    assert [each.by for each in accepted] == ["cô Hoa"]


@pytest.mark.integration
def test_in_a_browser_a_zone_and_a_mark_are_drawn_and_saved(folder: Path) -> None:
    own = session(folder)
    own.own = msgspec.structs.replace(own.own, zones=[])
    with served(application(own, "key", lambda: START_MS, lambda _: None)) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(300_000)  # ms; what hangs, not what is slow
        complaints: list[str] = []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.goto(f"{address}/?key=key")
        page.get_by_text("1 / 10", exact=False).wait_for()
        page.fill("#name", "Mặt đường tràn")
        box = page.locator("#picture").bounding_box()
        assert box is not None

        def click(x: float, y: float) -> None:
            page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])

        for corner in ROAD:
            click(corner[0], min(corner[1], 0.99))
        page.click("#done")
        page.click("[data-tool=mark]")
        page.fill("#number", "40")
        click(0.15, 0.6)
        click(0.85, 0.6)
        page.click("#save")
        page.get_by_text("Đã lưu", exact=False).wait_for()
        shown = page.locator("#snippet").inner_text()

    (zone,) = own.work.zones
    assert (zone.id, zone.kind, len(zone.polygon)) == ("mat-duong-tran", ZoneKind.WATER, 4)
    assert zone.polygon[0] == pytest.approx((0.1, 0.5), abs=0.01)
    assert [mark.depth_cm for mark in zone.marks] == [40]
    assert "mat-duong-tran" in shown
    assert complaints == []


def test_the_proposal_is_the_same_when_it_is_read_and_keeps_the_comments_of_the_file(tmp_path: Path) -> None:
    own = tmp_path / "commune"
    shutil.copytree(ROOT / "infra" / "commune", own)
    before = files.load(own).cameras[0]
    levels = [ZoneLevel(1, "ngập", 20, 10)]
    drawn = msgspec.structs.replace(
        before, zones=[*before.zones, msgspec.structs.replace(road(), name="Mặt đường tràn", levels=levels)]
    )

    assert proposal.write(own, drawn) == []
    # Elsewhere: a folder is read once in a process.
    shutil.copytree(own, tmp_path / "again")
    assert files.load(tmp_path / "again").cameras[0] == drawn
    text = (own / "cameras.yaml").read_text(encoding="utf-8")
    assert "# VÍ DỤ / EXAMPLE" in text
    assert "mat-duong" in proposal.snippet(drawn) or "duong" in proposal.snippet(drawn)


def test_a_proposal_with_a_mistake_is_not_written(tmp_path: Path) -> None:
    own = tmp_path / "commune"
    shutil.copytree(ROOT / "infra" / "commune", own)
    text = (own / "cameras.yaml").read_text(encoding="utf-8")
    before = files.load(own).cameras[0]
    wrong = msgspec.structs.replace(before, zones=[msgspec.structs.replace(road(), levels=[])])

    assert proposal.write(own, wrong) != []
    assert (own / "cameras.yaml").read_text(encoding="utf-8") == text


def test_a_camera_that_is_not_in_the_configuration_is_named() -> None:
    found = CliRunner().invoke(app, ["camera", "teach", "khong-co"])

    assert found.exit_code == 1
    assert "khong-co: không có camera này" in found.output


TIMES = {
    "cau_20261015T0930.jpg": 1792031400000,
    "2026-10-15 02-30-00Z.png": 1792031400000,
    "cau-1.jpg": None,
    "20261399T0930.jpg": None,
}


@pytest.mark.parametrize(("name", "at_ms"), TIMES.items(), ids=TIMES)
def test_a_time_in_a_name_is_that_of_vietnam_unless_it_says_otherwise(name: str, at_ms: int | None) -> None:
    assert pictures.at_ms(name) == at_ms
