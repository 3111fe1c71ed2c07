"""The storm day's flood cameras: their configuration fits, their films are made once, and their words stand beside the truth."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors import commune as files
from connectors.clock import VIETNAM
from infra.rehearsal.demo import eyes, films, flood_eyes, teaching
from infra.rehearsal.demo.accounting import ChangeRow
from infra.rehearsal.demo.eyes import Evidences
from infra.rehearsal.simulator.scene.camera import VIEWS
from infra.rehearsal.simulator.scene.flood_cameras import BOARD, CAMERAS, COVERED, DARK, FORD, MOVED, Seen
from infra.rehearsal.simulator.scene.floodplain import FORD_M
from infra.rehearsal.simulator.truth import Curve
from models.alerting.alert import Change
from models.catalogue.flags import Flag
from models.commune.configuration import Commune

EXAMPLE = Path(__file__).resolve().parents[3] / "infra" / "commune"
SPEED = 86400 / 110
START = datetime(2026, 11, 25, tzinfo=VIETNAM)
STEP_S = 300
RISING = [1.1 + 0.01 * i for i in range(289)]
"""The river rises by 12 cm an hour all day."""
RIVER = Curve("phu-oc", "river_level", "m", STEP_S, RISING)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Commune:
    """The example's commune as the demo plays it; its configuration is checked on the way."""
    folder = tmp_path_factory.mktemp("play") / "commune"
    films.configure(EXAMPLE, folder, SPEED)
    assert files.check(folder) == []
    return files.load(folder)


def test_the_play_s_configuration_passes_the_check_and_names_the_ford_s_camera_as_a_witness(
    played: Commune,
) -> None:
    cameras = {camera.id: camera for camera in played.cameras}
    assert set(cameras) == {*CAMERAS, *VIEWS}
    (place,) = [place for place in played.flood_places if FORD in place.cameras]
    assert place.gauges
    assert [zone.kind for zone in cameras[FORD].zones] == ["water"]
    assert [zone.kind for zone in cameras[BOARD].zones] == ["board"]
    assert cameras[FORD].rate_per_s == flood_eyes.WATER_FPS


def test_a_place_that_lived_of_a_camera_without_a_film_is_no_place_of_the_day() -> None:
    river: dict[str, Any] = {
        "flood_places": [
            {"id": "a", "gauges": ["phu-oc"], "cameras": ["elsewhere"]},
            {"id": "b", "gauges": ["phu-oc"], "rains": ["phu-oc"], "cameras": ["elsewhere", FORD]},
        ]
    }
    found = flood_eyes.places(river, {FORD}, "phu-oc", ["phuoc-yen"])["flood_places"]
    assert [(place["id"], place["cameras"]) for place in found] == [("b", [FORD])]


def test_a_camera_of_the_commune_keeps_its_name_and_gets_the_zones_of_the_rendered_place() -> None:
    own = {
        "id": FORD,
        "name": "Tràn của xã",
        "hamlets": ["x"],
        "address": "rtsp://192.0.2.9/a",
        "zones": [],
        "rate_per_s": 0.1,
    }
    made = {camera["id"]: camera for camera in flood_eyes.cameras([own, {"id": "no-film"}], ["x"])}
    assert "no-film" not in made
    assert made[FORD]["name"] == "Tràn của xã"
    assert made[FORD]["zones"] == flood_eyes.zones(FORD)
    assert "rate_per_s" not in made[FORD]


@pytest.mark.parametrize(
    ("camera", "fps"),
    [pytest.param(FORD, 2, id="the ford"), pytest.param(BOARD, 2, id="the board"), pytest.param(DARK, 1, id="a street")],
)  # fmt: skip
def test_each_moment_of_a_film_is_made_once_at_the_rate_that_is_needed(
    camera: str, fps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[float, float]] = []

    def show(_camera: str, second: float, level: float) -> tuple[None, Seen]:
        made.append((second, level))
        return None, Seen()

    monkeypatch.setattr(films, "show", show)
    shots = list(films._waters(films._Job(camera, Path(), SPEED, 24, tuple(RISING))))
    assert len(shots) == len(made) == len(set(made)) == round((110 + films.TAIL_S) * fps)
    assert made[0][1] == pytest.approx(RISING[0])
    assert made[-1][1] == pytest.approx(RISING[-1])


def test_lessons_are_written_as_a_person_would_leave_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [lesson for lesson in teaching.lessons() if lesson.name.endswith("-00")]
    monkeypatch.setattr(teaching, "lessons", lambda: iter(few))
    pictures, labels = teaching.prepare(tmp_path / "lessons", START - timedelta(days=teaching.DAYS_BEFORE))
    said = json.loads(labels.read_bytes())["labels"]
    assert sorted(path.name for path in pictures.iterdir()) == [one["picture"] for one in said]
    assert {one["state"] for one in said} == {"dry", "wet", "flooded"}
    assert {one["zone"] for one in said} == {flood_eyes.ROAD}
    assert all("20261116T" in one["picture"] for one in said)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def change(alert: str, hours: float, level: int, **own: Any) -> ChangeRow:
    values: dict[str, Any] = {
        "seq": 1, "change": Change.RAISE, "previous": level - 1, "value": 1.0, "limit": 1.0, "parameter": "x", "unit": "cm",
        "recorded_at": START,
    }  # fmt: skip
    return ChangeRow(alert=alert, at=at(hours), level=level, **(values | own))


CHANGES = [
    change("f1", 12.5, 1, rule="water-depth-duong-tran-mat-duong", kind="water_seen", station=FORD),
    change("w", 12.5, 1, rule="witness", kind="flood", station="ngap-duong-tran"),
    change("g", 16.5, 2, rule="river-phu-oc", kind="river", station="phu-oc", limit=3.0),
    change("w", 16.5, 2, rule="witness", kind="flood", station="ngap-duong-tran"),
    change("b", 16.0, 2, rule="water-level-cau-thuoc-thuoc", kind="water_seen", station=BOARD),
    change("c", 13.0, 1, rule="blind", kind="blind", station=COVERED),
    change("c", 18.0, 0, seq=2, change=Change.CLEAR, previous=1, rule="blind", kind="blind", station=COVERED),
    change("d", 3.0, 1, rule="blind", kind="blind", station=DARK),
]  # fmt: skip
FOUND = Evidences(
    {("c", 1): [("bị che", "covered")], ("f1", 1): [("nước phủ 60 %", "water on 60 %")]},
    {
        (BOARD, flood_eyes.LEVEL): [(at(1), 124.0, Flag.GOOD), (at(2), 131.0, Flag.GOOD), (at(3), 900.0, Flag.SUSPECT)],
        ("phu-oc", "river_level"): [(at(1), 1.22, Flag.GOOD), (at(2), 1.34, Flag.GOOD)],
        (COVERED, "people/mat-duong"): [(at(12), 0, Flag.GOOD), (at(13), 0, Flag.GOOD), (at(14), 0, Flag.UNKNOWN)],
    },
)  # fmt: skip


def test_each_camera_s_words_stand_beside_the_truth_with_lead_and_delay(played: Commune) -> None:
    rows = eyes.told(played, START, [RIVER], CHANGES, FOUND)
    by = {(row.camera, row.en): row for row in rows}

    shallow = by[FORD, "water 10 cm deep on the road"]
    truly = at((FORD_M + 0.1 - 1.1) / 0.12)
    assert shallow.true_at is not None
    assert abs(shallow.true_at - truly) < timedelta(seconds=1)
    assert shallow.delay_min == pytest.approx(50, abs=0.1)
    assert shallow.lead_min == pytest.approx(240)
    assert shallow.said_en == "water on 60 %"
    assert by[FORD, "water 30 cm deep on the road"].said_at is None
    place = by[FORD, "the place: camera and gauge together"]
    assert place.said_at == at(16.5)
    assert "a check 12:30" in place.said_en


def test_the_board_is_told_with_its_error_against_the_water_and_the_gauge(played: Commune) -> None:
    rows = [row for row in eyes.told(played, START, [RIVER], CHANGES, FOUND) if row.camera == BOARD]
    assert (
        "2 readings, off the true water by 2.5 cm, at worst 3.0 cm, off the gauge by 2.5 cm; 1 in doubt"
        in rows[0].said_en
    )
    assert rows[1].said_at == at(16.0)
    assert rows[1].lead_min == pytest.approx(30)


def test_a_camera_that_cannot_see_is_told_with_its_words_and_what_it_called_known_meanwhile(
    played: Commune,
) -> None:
    by = {row.camera: row for row in eyes.told(played, START, [RIVER], CHANGES, FOUND)}
    assert by[COVERED].said_at == at(13)
    assert by[COVERED].delay_min == pytest.approx(30)
    assert (by[COVERED].over_true, by[COVERED].over_said) == (at(17), at(18))
    assert by[COVERED].said_en == "covered; 1 of 2 values meanwhile are unknown"
    assert by[MOVED].said_at is None
    assert by[DARK].said_at is None
    assert by[DARK].said_en.endswith("; 1 false")


def test_a_commune_without_a_river_has_nothing_to_tell(played: Commune) -> None:
    assert eyes.told(played, START, [], CHANGES, FOUND) == []


@pytest.mark.parametrize(
    ("level", "hours"),
    [pytest.param(1.0, 0.0, id="from the beginning"), pytest.param(1.22, 1.0, id="on the way"), pytest.param(9.0, None, id="never")],
)  # fmt: skip
def test_a_level_is_crossed_once(level: float, hours: float | None) -> None:
    found = eyes.crosses(START, RIVER, level)
    assert (found is None) == (hours is None)
    if found is not None and hours is not None:
        assert abs(found - at(hours)) < timedelta(seconds=1)


def test_films_that_were_kept_are_shown_again_and_another_river_makes_new_ones(
    tmp_path: Path, played: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    class Here:
        """The pool of processes, in this one: what it renders is counted."""

        def __init__(self, _workers: int) -> None: ...
        def __enter__(self) -> Here:
            return self

        def __exit__(self, *_error: object) -> None: ...
        def map(self, _render: object, jobs: list[films._Job]) -> list[None]:
            for job in jobs:
                made.append(job.name)
                job.folder.mkdir(parents=True, exist_ok=True)
                (job.folder / f"{job.name}.mp4").write_bytes(repr(job.river).encode())
                (job.folder / f"{job.name}.truth.jsonl").write_bytes(b"")
            return []

    monkeypatch.setattr(films, "ProcessPoolExecutor", Here)
    shown, kept = tmp_path / "films", tmp_path / "kept"

    films.make(played, shown, SPEED, 1, RISING, kept)
    first = {path.name: path.read_bytes() for path in shown.iterdir()}
    films.make(played, shown, SPEED, 1, RISING, kept)
    again = {path.name: path.read_bytes() for path in shown.iterdir()}
    assert (len(made), again) == (len(played.cameras), first)

    films.make(played, shown, SPEED, 1, [1.0, *RISING[1:]], kept)
    assert len(made) == 2 * len(played.cameras)
