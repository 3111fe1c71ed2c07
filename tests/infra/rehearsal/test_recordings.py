"""Each recording keeps its own time and values; the real files are read where they are at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import openpyxl
import pytest

from connectors import commune as files
from infra.rehearsal.recordings import catalogue, configuration, readers, replay
from infra.rehearsal.recordings.frame import Rows
from infra.rehearsal.recordings.notes import FileError
from models.commune.mistakes import mistakes
from models.envelope.batch import RawBatch
from models.envelope.reading import Reading
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan


def decoded(rows: Rows) -> list[Reading]:
    return [msgspec.json.decode(payload, type=Reading) for _, _, payload in replay.records(rows.frame)]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_gauge_reading_keeps_its_rows_zone_and_becomes_metres(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "agency_cd,site_no,datetime,tz_cd,144277_00065,144277_00065_cd\n5s,15s,20d,6s,14n,10s\n"
        "USGS,1,2024-11-03 01:45,MDT,3.50,A\nUSGS,1,2024-11-03 01:00,MST,3.49,A\n",
    )
    first, second = decoded(readers.gauge(path))

    assert (first.at.isoformat(), first.value) == ("2024-11-03T01:45:00-06:00", 1.0668)
    assert (second.at - first.at).total_seconds() == 15 * 60
    assert (first.unit, first.seq, second.seq) == ("m", 0, 1)


def test_null_is_not_sent_and_counted_but_minus_9999_is_sent_as_it_is(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path,
        "datetime,temp,temp_cor,do,stage\n2019-01-01 00:00,-9999,1,NULL,60.44\n2019-01-01 00:15,0.7,1,9.1,-9999\n,,,,\n",
    )
    rows = readers.water(path, station="main-street")

    assert (rows.lines, rows.gaps, rows.readings) == (3, 1 + 3, 5)
    assert [(r.parameter, r.value) for r in decoded(rows)] == [
        ("water_temperature", -9999.0),
        ("river_level", 0.6044),
        ("water_temperature", 0.7),
        ("dissolved_oxygen", 9.1),
        ("river_level", -9999.0),
    ]


def test_the_camera_is_two_stations_on_utahs_winter_time(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,image_timestamp,roi\n1,"2024-07-01 20:00:08","{26112,50356}"\n')
    one, two = decoded(readers.camera(path))

    assert (one.source, one.value, two.source, two.value) == (*[readers.CAMERA_REGIONS[0], 26112.0],
                                                              readers.CAMERA_REGIONS[1], 50356.0)  # fmt: skip
    assert one.at.isoformat() == "2024-07-01T20:00:08-07:00"


def test_a_street_flood_is_its_profile_in_centimetres(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "sensor_id,flood_start_time,flood_profile_depth_inches,flood_profile_time_secs\n"
        'BX-1st-st,2024-03-10T02:21:31.000,"[0.00, 4.00]","[0, 64]"\n',
    )
    rows = readers.street_floods(path)

    assert [(r.source, r.at.isoformat(), r.value) for r in decoded(rows)] == [
        ("bx-1st-st", "2024-03-10T02:21:31+00:00", 0.0),
        ("bx-1st-st", "2024-03-10T02:22:35+00:00", 10.16),
    ]


def test_the_fish_pond_is_read_from_its_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [
        ("Date", "Temperature", "pH", "Turbidity"),
        ("2020-01-15 16:00:35", 20.99, 8, 197),
    ]:
        sheet.append(list(row))
    book.save(tmp_path / "pond.xlsx")
    found = decoded(readers.fish_pond(tmp_path / "pond.xlsx"))

    assert {(r.parameter, r.value, r.unit) for r in found} == {
        ("water_temperature", 20.99, "C"),
        ("ph", 8.0, "pH"),
        ("turbidity", 197.0, "NTU"),
    }
    assert {r.at.isoformat() for r in found} == {"2020-01-15T16:00:35+07:00"}


def test_da_nang_and_the_sea_keep_their_zones(tmp_path: Path) -> None:
    air = write(
        tmp_path,
        "\ufeffdatetime,pm25,pm10,o3,no2,so2,co\n2022-08-05 07:00:00,8.2,11.9,24.0,5.95,5.65,206.0\n",
    )
    assert {r.at.isoformat() for r in decoded(readers.da_nang(air))} == {"2022-08-05T07:00:00+07:00"}

    sea = write(
        tmp_path,
        "time,timestamp,z,sea_surface_height_above_sea_level\n2018-09-05T21:00:00Z,1536181200,0,0.4785\n",
    )
    (reading,) = decoded(readers.sea_level(sea))

    assert (reading.at.isoformat(), reading.value) == (
        "2018-09-05T21:00:00+00:00",
        0.4785,
    )


def test_the_configuration_stands_without_the_files() -> None:
    commune = files.load(configuration.FOLDER)

    assert {rule.id for rule in commune.rules} == {
        "logan-stage",
        "fish-oxygen",
        "pm25-hourly",
        "street-depth",
        "street-soon-10cm",
        "street-soon-30cm",
    }
    assert all(contact.hamlets == [commune.hamlets[0].code] for contact in commune.contacts)


@pytest.fixture(scope="module")
def everything(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[replay.Loaded], Judged]:
    """All files, judged in the order of time as the flow would."""
    read, refused = of_others(data)
    loaded = list(read.values())
    assert all(error.foreign for error in refused.values())
    commune = configuration.write(loaded, [], tmp_path_factory.mktemp("commune"))
    keys, stamps, payloads = zip(*replay.merged(loaded), strict=True)
    batch = RawBatch(
        "readings",
        0,
        list(range(len(keys))),
        list(payloads),
        list(keys),
        list(stamps),
        len(keys),
    )
    return loaded, judge(plan(commune), {}, batch)


def test_every_reading_of_every_file_is_stored_but_one_repeated(
    everything: tuple[list[replay.Loaded], Judged],
) -> None:
    loaded, judged = everything

    assert len(loaded) == len(catalogue.CATALOGUE)
    assert sum(one.readings for one in loaded) == len(judged.observations) + len(judged.duplicates)
    assert judged.rejected == []
    # A street flood ends and the next begins in the same second, both with depth 0.
    assert len(judged.duplicates) == 1


def test_what_the_loggers_call_no_value_is_flagged(
    everything: tuple[list[replay.Loaded], Judged],
) -> None:
    flagged = [o for o in everything[1].observations if o.flag == 4]

    assert all(o.flag == 4 for o in everything[1].observations if o.value == -9999.0)
    assert {o.source for o in flagged} == {
        "main-street",
        "blacksmith-fork",
        "franklin-basin",
    }


def test_the_past_would_have_raised_these_alerts(
    everything: tuple[list[replay.Loaded], Judged],
) -> None:
    raised = Counter(
        (c.rule, c.level) for c in everything[1].changes if c.level > c.previous and c.rule != "silent"
    )

    assert raised["logan-stage", 3] == 1
    assert raised["street-depth", 2] == 55
    # A second, of 110 mg/L after a flat line, went with quality control.
    assert raised["fish-oxygen", 2] == 1
    assert raised["pm25-hourly", 1] > 50


STRANGERS = {
    "river/khac.csv": (
        (
            "agency_cd,site_no,datetime,tz_cd,99_00065,99_00065_cd\n5s,15s,20d,6s,14n,10s\n"
            "USGS,1,2024-05-09 00:00,EST,3.00,A\nUSGS,1,2024-05-09 00:30,EST,4.00,A\n"
        ),
        {("khac", "river_level", 0.9144), ("khac", "river_level", 1.2192)},
    ),
    "water/Suối Đá 2020.csv": (
        "datetime,temp,do\n2020-01-01 00:00,4.5,10.1\n2020-01-01 00:05,4.6,NULL\n2020-01-01 00:10,4.6,10.0\n",
        {
            ("suoi-da-2020", "water_temperature", 4.5), ("suoi-da-2020", "water_temperature", 4.6),
            ("suoi-da-2020", "dissolved_oxygen", 10.1), ("suoi-da-2020", "dissolved_oxygen", 10.0),
        },
    ),
    "air/hue.csv": (
        "\ufeffdatetime,pm25,pm10\n2025-01-01 00:00,50,60\n",
        {("hue", "pm25", 50.0), ("hue", "pm10", 60.0)},
    ),
}  # fmt: skip


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    for name, (text, _expected) in STRANGERS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "water" / "la.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "water" / "nhieu.csv").write_bytes(b"\xff\xfe\x00noise")
    (tmp_path / "water" / "khong.xlsx").write_bytes(b"no workbook")
    return tmp_path


def of_others(folder: Path) -> tuple[dict[str, replay.Loaded], dict[str, FileError]]:
    """What was read of the files, and the errors of the others."""
    found, refused = {}, {}
    for one in catalogue.present(folder):
        try:
            found[one.path] = replay.load(one, folder)
        except FileError as error:
            refused[one.path] = error
    return found, refused


def test_a_file_of_another_name_is_known_by_its_head(strangers: Path) -> None:
    found, _ = of_others(strangers)

    assert found.keys() == STRANGERS.keys()
    for path, (_text, expected) in STRANGERS.items():
        rows = found[path].frame.select("station", "parameter", "value").iter_rows()
        assert set(rows) == expected


def test_what_is_of_no_known_kind_is_named(strangers: Path) -> None:
    _, refused = of_others(strangers)

    assert {path: error.foreign for path, error in refused.items()} == {
        "water/khong.xlsx": False, "water/la.csv": True, "water/nhieu.csv": False,
    }  # fmt: skip


def test_files_of_other_names_make_a_commune_without_mistakes(strangers: Path, tmp_path: Path) -> None:
    loaded = list(of_others(strangers)[0].values())

    commune = configuration.write(loaded, [], tmp_path / "commune")

    assert mistakes(commune) == []
    own = {
        station.id: {each.code: each.interval_s for each in station.parameters}
        for station in commune.stations
    }
    assert own["khac"] == {"river_level": 1800}
    assert own["suoi-da-2020"] == {"water_temperature": 300, "dissolved_oxygen": 600}
    watched = {rule.id: rule.stations for rule in commune.rules}
    assert "suoi-da-2020" in watched["fish-oxygen"]
    assert "khac" not in watched["logan-stage"]
    assert "khac" in next(one.stations for one in commune.quality if one.parameter == "river_level")


def test_two_files_of_one_name_are_two_stations(tmp_path: Path) -> None:
    for folder in ("air", "water"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "da-nang.csv").write_text(STRANGERS["air/hue.csv"][0], encoding="utf-8")

    stations = [replay.load(one, tmp_path).stations for one in catalogue.present(tmp_path)]

    assert stations == [["da-nang-2"], ["da-nang-3"]]
