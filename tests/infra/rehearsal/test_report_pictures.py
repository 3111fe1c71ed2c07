"""The pictures of a report: none without data, each panel in its own unit, on the time of its own data, one picture a subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import matplotlib.dates
import msgspec
import pytest
from matplotlib.figure import Figure

from connectors import commune as files
from infra.rehearsal.demo import database, gallery, pictures
from infra.rehearsal.demo.accounting import ChangeRow
from infra.rehearsal.demo.database import DerivedRow
from infra.rehearsal.demo.films import Cameras
from infra.rehearsal.demo.market import Money
from infra.rehearsal.demo.pictures import Drawing, figure_of
from infra.rehearsal.demo.summary import Summary
from infra.rehearsal.recordings import catalogue, configuration, replay
from infra.rehearsal.simulator.truth import Curve, Truth
from models.alerting import words
from models.alerting.alert import Change, Kind
from models.commune.configuration import Commune
from tests.infra.rehearsal.recording_files import READ
from tests.infra.rehearsal.test_demo import WHOLE
from tests.infra.rehearsal.test_recording_files import put

T0 = datetime(2026, 10, 13, 17, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DB = cast("database.Connection", None)
"""The questions are answered by the tests."""
EXAMPLE = Path(__file__).resolve().parents[3] / "infra" / "commune"
UNITS = {
    "river": {"m", "mm", "m³/s", "điểm ảnh (pixels)"},
    "street": {"cm"},
    "water": {"mg/L", "°C", "pH", "NTU", "µS/cm", "g/L"},
    "air": {"µg/m³", "°C", "%"},
    "eyes": {"%", "cm"},
    "people": {"người (people)"},
    "money": {"triệu đồng (million)"},
}
Series = dict[tuple[str, str], list[tuple[datetime, float, int]]]


def answer(
    monkeypatch: pytest.MonkeyPatch, series: Series, derived: dict[str, list[DerivedRow]] | None = None
) -> None:
    """The database holds these."""

    def sums(
        _: object, station: str, parameter: str, *, by_day: bool
    ) -> list[tuple[datetime, datetime, float]]:
        step = DAY if by_day else HOUR
        return [(at, at + step, value) for at, value, _flag in series.get((station, parameter), [])]

    monkeypatch.setattr(
        database, "series", lambda _, station, parameter, *_n: series.get((station, parameter), [])
    )
    monkeypatch.setattr(database, "derived", lambda _, parameter: (derived or {}).get(parameter, []))
    monkeypatch.setattr(database, "sums", sums)


def summary(**changed: Any) -> Summary:
    whole = Summary(
        kind="storm", played_at=T0, start=T0, end=T0 + DAY, speed=None, play_s=1.0, settle_s=1.0, sent=100,
        counted=WHOLE, faults={}, leads=[], changes=[], messages=[], files=[], gaps=[], streams=[], money=None,
        films=[], signed=[], inbox="",
    )  # fmt: skip
    return msgspec.structs.replace(whole, **changed)


def check(panels: gallery.Panels) -> dict[str, Figure]:
    """Draw every subject that is drawn, and hold each panel to its data; the figures by subject."""
    figures = {}
    for name, own in panels.items():
        full = [one for one in own if one.times]
        if not full:
            continue
        figures[name] = figure_of(own)
        assert len(figures[name].axes) == len(full)
        for axes, one in zip(figures[name].axes, full, strict=True):
            assert axes.has_data()
            assert axes.get_ylabel() in UNITS[name], f"{name}: {one.title} in {axes.get_ylabel()}"
            left, right = (matplotlib.dates.num2date(x) for x in axes.get_xlim())  # type: ignore[no-untyped-call]
            first, last = one.span or (min(one.times), max(one.times))
            room = 0.02 * max(last - first, timedelta(minutes=10))
            assert first - room <= left <= first
            assert last <= right <= last + room + timedelta(minutes=10)
    return figures


def storm(commune: Commune) -> tuple[Truth, Series]:
    """A day of the example's sensors, every half hour, and one value of the day before."""
    series: Series = {}
    for station in commune.stations:
        for parameter in station.parameters:
            series[station.id, parameter.code] = [(T0 + i * HOUR / 2, 1.0 + i / 10, 1) for i in range(48)]
    series["phu-oc", "river_level"].insert(0, (T0 - 300 * DAY, 1.0, 1))
    curves = [Curve("phu-oc", "river_level", "m", 3600, [1.0] * 24)]
    return Truth(T0, 100, 90, 4, {}, {}, [], [], curves), series


def test_a_storm_day_has_one_picture_a_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    commune = files.load(EXAMPLE)
    truth, series = storm(commune)
    zones = {(c.id, z.parameter) for c in commune.cameras for z in c.zones}
    series |= {zone: [(T0 + HOUR, 3.0, 1), (T0 + 2 * HOUR, 4.0, 1)] for zone in zones}
    rain = [DerivedRow(T0 + i * HOUR, "phu-oc", "rain_24h", 10.0 * i) for i in range(24)]
    answer(monkeypatch, series, {"rain_24h": rain})
    money = Money(1, 0, {"a": 1}, {7: 27_000_000}, {}, [])

    panels = gallery.panels_of_storm(DB, commune, truth, summary(money=money), Cameras(Path(), {}))

    figures = check(panels)
    # Eyes: only of a commune whose cameras the simulator lets see water.
    assert set(panels) - {"eyes"} == {"river", "water", "air", "people", "money"}
    assert figures.keys() - {"eyes"} == {"river", "water", "air", "people", "money"}
    assert {one.span for own in panels.values() for one in own} == {(T0, T0 + DAY)}
    assert [axes.get_ylabel() for axes in figures["river"].axes] == ["m", "mm"]
    assert {name for own in panels.values() for one in own for name in one.values} <= set(
        gallery.names_of(commune).values()
    )
    assert [one[0] for one in gallery.drawn(panels)] == [
        "Sông và mưa",
        "Nước và cá lồng",
        "Không khí",
        "Nước qua mắt camera",
        "Số người",
        "Tiền nhận mỗi giờ",
    ]


def test_a_forecast_that_was_never_made_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    commune = files.load(EXAMPLE)
    truth, series = storm(commune)
    answer(monkeypatch, series)

    figures = check(gallery.panels_of_storm(DB, commune, truth, summary(), Cameras(Path(), {})))

    titles = [axes.get_title(loc="left") for axes in figures["water"].axes]
    assert titles
    assert not any("bình minh" in title for title in titles)
    assert len(set(titles)) == len(titles)


def test_a_day_without_anything_has_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    commune = files.load(EXAMPLE)
    answer(monkeypatch, {})

    made = gallery.of_storm(DB, commune, storm(commune)[0], summary(), Cameras(Path(), {}))

    assert made == []


CHOSEN = ("the USGS", "a plain file", "a workbook of two ponds", "inches of rain", "FloodNet, one row a depth", "a Campbell logger",
          "titles above the head, names and units in Vietnamese", "gas in ppb")  # fmt: skip


def test_each_recording_is_drawn_in_its_unit_on_its_own_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(CHOSEN):
        folder, _, file = READ[name].path.partition("/")
        put(tmp_path, f"{folder}/{number}-{file}", READ[name].raw)
    loaded = [replay.load(one, tmp_path) for one in catalogue.present(tmp_path)]
    commune = configuration.write(loaded, [], tmp_path / "commune")
    series: Series = {}
    for each in loaded:
        for station, code, ms, value in each.frame.select("station", "parameter", "ms", "value").iter_rows():
            series.setdefault((station, code), []).append((datetime.fromtimestamp(ms / 1000, UTC), value, 1))
    answer(monkeypatch, series)

    figures = check(gallery.panels_of_files(DB, commune, loaded, summary(kind="recordings")))

    assert {name: sorted(axis.get_ylabel() for axis in figure.axes) for name, figure in figures.items()} == {
        "river": ["m", "m", "m", "mm"], "air": ["µg/m³", "µg/m³"], "water": ["pH"], "street": ["cm"],
    }  # fmt: skip


def test_a_file_of_which_nothing_was_read_has_no_panel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(tmp_path, "air/a.csv", READ["a plain file"].raw)
    (recording,) = catalogue.present(tmp_path)
    broken = replay.unread(recording, replay.FileError([]))
    answer(monkeypatch, {})

    assert check(gallery.panels_of_files(DB, files.load(configuration.FOLDER), [broken], summary())) == {}


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: figure_of([]), id="no panel"),
        pytest.param(lambda: figure_of([Drawing("x", "m", {"a": []})]), id="no points"),
        pytest.param(
            lambda: figure_of([Drawing("x", "m", {"a": [(T0, 1.0, 4)]})]), id="only values that failed"
        ),
        pytest.param(lambda: pictures.timeline_figure([], {}), id="no messages"),
    ],
)
def test_nothing_is_not_drawn(made: Callable[[], Figure]) -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        made()


def test_an_alert_from_outside_the_data_does_not_stretch_the_time() -> None:
    late = ChangeRow(
        "a", 1, T0 + 90 * DAY, Change.RAISE, 1, 0, 2.0, 1.5, "r", "river", "s", "river_level", "m", T0
    )

    check({"river": [Drawing("x", "m", {"s": [(T0, 1.0, 1), (T0 + HOUR, 1.2, 1)]}, [], [late])]})


def test_every_kind_of_alert_has_a_name_and_a_colour() -> None:
    """A kind without one would end the report, or stand in `phusa status` as a bare word."""
    kinds = {one.value for one in Kind}

    assert kinds == set(pictures.KIND_COLOURS) == set(words.KINDS)


@pytest.mark.parametrize(
    ("values", "limits", "low", "high"),
    [
        pytest.param([1.0, 5.1], [1.5, 3.0, 4.5], 0.0, 5.1, id="a river from zero"),
        pytest.param(
            [6.8, 7.5], [5.0, 6.0, 9.0], 5.85, 9.15, id="pH without the zero, with the limits beside it"
        ),
        pytest.param(
            [25.0, 27.5], [15.0, 20.0, 33.0], 19.45, 33.55, id="a temperature and the limits near it"
        ),
        pytest.param([0.0, 0.0], [100.0], 0.0, 0.1, id="no rain is no line at the top"),
        pytest.param([], [12.0, 30.0], 0.0, 30.0, id="only limits"),
    ],
)
def test_the_value_axis_shows_the_values_and_the_limits_near_them(
    values: list[float], limits: list[float], low: float, high: float
) -> None:
    assert pictures._range(values, limits) == pytest.approx((low, high))


def test_names_of_limits_do_not_cover_each_other() -> None:
    limits = [pictures.Limit(value, level, f"mức {level}") for level, value in ((1, 6.0), (2, 5.5), (3, 5.0))]
    drawing = Drawing("pH", "pH", {"a": [(T0, 4.0, 1), (T0 + HOUR, 7.0, 1)]}, limits)

    (axes,) = figure_of([drawing]).axes

    low, high = axes.get_ylim()
    notes: list[Any] = list(axes.texts)
    heights = sorted(note.xy[1] for note in notes if note.get_text().startswith("mức"))
    assert len(heights) == 3
    assert all(b - a >= pictures.LABEL_SHARE * (high - low) - 1e-9 for a, b in pairwise(heights))
