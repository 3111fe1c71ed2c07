"""A file's name is read from its end: the time is sure, what stands before it is a matter of configuration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.stationfile.name import file_name, key, local_time


@pytest.mark.parametrize(
    ("name", "station", "at"),
    [
        pytest.param(
            "VL_CANG_NUOC01_20230506000500.txt",
            "VL_CANG_NUOC01",
            "2023-05-05T17:05:00",
            id="province_station",
        ),
        pytest.param("NUOC01_20230506000500.txt", "NUOC01", "2023-05-05T17:05:00", id="station alone"),
        pytest.param("NUOC0120230506000500.txt", "NUOC01", "2023-05-05T17:05:00", id="no separator: last 14"),
        pytest.param("A-20240229235959.TXT", "A", "2024-02-29T16:59:59", id="capitals, leap day"),
        pytest.param("A 20240229235959", "A", "2024-02-29T16:59:59", id="no extension"),
        pytest.param("A.B_20240229235959.csv", "A.B", "2024-02-29T16:59:59", id="a point in the station"),
        pytest.param("Trạm Bồ_20240229235959.txt", "Trạm Bồ", "2024-02-29T16:59:59", id="Vietnamese"),
        pytest.param("20240229235959.txt", "", "2024-02-29T16:59:59", id="nothing before it"),
    ],
)
def test_station_and_time_come_from_the_last_14_digits(name: str, station: str, at: str) -> None:
    found = file_name(name)

    assert found is not None
    assert found.station == station
    assert found.at.astimezone(UTC) == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert found.at.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("VL_NUOC01_2023050600050.txt", id="13 digits"),
        pytest.param("VL_NUOC01_20230231000500.txt", id="the 31st of February"),
        pytest.param("VL_NUOC01_20230506240000.txt", id="hour 24"),
        pytest.param("VL_NUOC01_20230506000500_1.txt", id="something after the time"),
        pytest.param("VL_NUOC01_19691231000000.txt", id="before 1970"),
        pytest.param("VL_NUOC01_٢٠٢٣٠٥٠٦٠٠٠٥٠٠.txt", id="digits of another script"),
        pytest.param("readme.txt", id="no time"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_name_without_a_time_at_its_end_is_none_of_a_station(name: str) -> None:
    assert file_name(name) is None


def test_names_of_stations_are_compared_without_capitals_and_edges() -> None:
    assert key(" VL_Nuoc01_") == key("vl_nuoc01")
    assert key("VL_NUOC01") != key("VL_NUOC02")


def test_a_stamp_must_be_fourteen_digits() -> None:
    assert local_time("2023050600050") is None
    assert local_time(" 20230506000500") is None
