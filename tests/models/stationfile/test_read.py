"""A file becomes readings and refused lines, each line exactly one of them."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.commune.configuration import Parameter, Station
from models.commune.file_names import file_stations
from models.envelope.rejected import Reason
from models.stationfile.read import MAX_BYTES, StationFile, read, rejected, so_far
from models.stationfile.symbols import CODES

NAME = "VL_CANG_NUOC01_20230506000500.txt"
AT = datetime(2023, 5, 5, 17, 5, tzinfo=UTC)
ARRIVED = datetime(2023, 5, 5, 17, 6, tzinfo=UTC)


def parameter(
    code: str, unit: str, *, names: list[str] | None = None, units: list[str] | None = None
) -> Parameter:
    return Parameter(code, unit, -100.0, 5000.0, 300, 1800, names or [], units or [])


WATER = Station(
    "bo-cang",
    "Bồ",
    [],
    [
        parameter("ph", "pH"),
        parameter("water_temperature", "C"),
        parameter("dissolved_oxygen", "mg/L"),
        parameter("ammonium_n", "mg/L"),
        parameter("river_level", "m", names=["Mực nước"]),
        parameter("pm25", "ug/m3", units=["ug/Nm3"]),
        parameter("pm10", "ug/m3"),
    ],
    file_names=["VL_CANG_NUOC01", "VL CANG CU"],
)
STATIONS = file_stations([WATER, Station("phu-oc", "Phú Ốc", [], [parameter("rain", "mm")])])


def line(
    name: str = "pH", value: str = "7.2", unit: str = "pH", at: str = "20230506000500", status: str = "00"
) -> str:
    return f"{name}\t{value}\t{unit}\t{at}\t{status}"


def told(text: str | bytes, name: str = NAME) -> StationFile:
    data = text if isinstance(text, bytes) else text.encode()
    return read(name, data, STATIONS)


def test_a_line_is_a_reading_in_utc_plus_7() -> None:
    (found,) = told(line()).readings

    assert (found.v, found.source, found.parameter, found.value, found.unit) == (
        1,
        "bo-cang",
        "ph",
        7.2,
        "pH",
    )
    assert found.at == AT
    assert found.seq == round(AT.timestamp())
    assert found.status == 0


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("\r\n", id="CRLF"),
        pytest.param("\n", id="LF"),
        pytest.param("\r", id="CR alone"),
        pytest.param("\r\r\n", id="CRLF sent in text mode"),
        pytest.param("\t\r\n", id="a TAB after the last column"),
        pytest.param("\t\t \n", id="two TABs and a space"),
    ],
)
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not ended"])
def test_lines_end_as_any_firmware_writes_them(end: str, last: bool) -> None:
    text = end.join((line(), line("DO", "6", "mg/L"), "", line("Temp", "25.5", "oC"))) + (end if last else "")
    found = told(text)

    assert [reading.parameter for reading in found.readings] == [
        "ph",
        "dissolved_oxygen",
        "water_temperature",
    ]
    assert found.refused == []


@pytest.mark.parametrize(
    ("status", "code"), [("00", 0), ("01", 1), ("02", 2)], ids=["measuring", "calibrating", "error"]
)
def test_each_line_keeps_its_own_status_and_value(status: str, code: int) -> None:
    text = "\n".join((line(status="02"), line("DO", "6.1", "mg/L", status=status), line("Temp", "25", "C")))

    assert [(reading.value, reading.status) for reading in told(text).readings] == [
        (7.2, 2),
        (6.1, code),
        (25.0, 0),
    ]


@pytest.mark.parametrize(
    ("name", "unit", "code"),
    [
        pytest.param("PM2,5", "ug/m3", "pm25", id="comma"),
        pytest.param("PM-2-5", "ug/m3", "pm25", id="EOS"),
        pytest.param("pm2.5", "µg/m³", "pm25", id="point; micro sign, superscript"),
        pytest.param("PM2,5", "μg/m3", "pm25", id="Greek mu"),
        pytest.param("PM2,5", "ug/Nm3", "pm25", id="a unit of the commune's own"),
        pytest.param("PM-10", "ug/m3", "pm10", id="PM-10"),
        pytest.param("N-NH4", "mg/l", "ammonium_n", id="as nitrogen"),
        pytest.param("TEMP", "°C", "water_temperature", id="the temperature that the station has"),
        pytest.param("Nhietdo", "oC", "water_temperature", id="Vietnamese without marks"),
        pytest.param("ph", "-", "ph", id="pH has no unit"),
        pytest.param("Mực nước", "M", "river_level", id="a name of the commune's own"),
        pytest.param("dissolved_oxygen", "mg/L", "dissolved_oxygen", id="our own code"),
        pytest.param(" pH ", " pH ", "ph", id="spaces around"),
    ],
)
def test_names_and_units_go_by_the_tables(name: str, unit: str, code: str) -> None:
    found = told(line(name, "7", unit))

    assert [one.why.en for one in found.refused] == []
    assert [reading.parameter for reading in found.readings] == [code]
    assert found.readings[0].unit == next(
        parameter.unit for parameter in WATER.parameters if parameter.code == code
    )


BAD = [
    pytest.param(line(value="7,2"), Reason.WRONG_TYPE, 2, "không phải dấu phẩy", "not a comma", id="comma"),
    pytest.param(line(value="1.234,5"), Reason.WRONG_TYPE, 2, "dấu phẩy", "comma", id="thousands and comma"),
    pytest.param(line(value=""), Reason.WRONG_TYPE, 2, "thấy ''", "found ''", id="no value"),
    pytest.param(line(value="---"), Reason.WRONG_TYPE, 2, "'---'", "'---'", id="dashes"),
    pytest.param(line(value="7 2"), Reason.WRONG_TYPE, 2, "'7 2'", "'7 2'", id="two numbers"),
    pytest.param(line(value="0x10"), Reason.WRONG_TYPE, 2, "0x10", "0x10", id="hexadecimal"),
    pytest.param(line(value="٧"), Reason.WRONG_TYPE, 2, "٧", "٧", id="a digit of another script"),
    pytest.param(line(value="NaN"), Reason.NOT_FINITE, 2, "hữu hạn", "finite", id="NaN"),
    pytest.param(line(value="1.#QNAN"), Reason.NOT_FINITE, 2, "hữu hạn", "finite", id="NaN of Windows"),
    pytest.param(line(value="1e999"), Reason.NOT_FINITE, 2, "hữu hạn", "finite", id="beyond every number"),
    pytest.param(line("COD"), Reason.UNKNOWN_PARAMETER, 1, "bo-cang", "ph", id="not measured here"),
    pytest.param(line("PM1.0", "5", "ug/m3"), Reason.UNKNOWN_PARAMETER, 1, "PM1.0", "PM1.0", id="PM1 is not PM10"),
    pytest.param(line("NH4", "5", "mg/L"), Reason.UNKNOWN_PARAMETER, 1, "NH4", "NH4", id="NH4 is not N-NH4"),
    pytest.param(line("DO", "6", "%"), Reason.WRONG_UNIT, 3, "mg/L", "mg/L", id="saturation for mg/L"),
    pytest.param(line("PM10", "6", "ug/Nm3"), Reason.WRONG_UNIT, 3, "ug/Nm3", "ug/Nm3", id="Nm3 is not m3"),
    pytest.param(line("DO", "6", "ug/L"), Reason.WRONG_UNIT, 3, "ug/L", "ug/L", id="no conversion"),
    pytest.param(line(at="2023050600050"), Reason.WRONG_TYPE, 4, "yyyyMMdd", "yyyyMMdd", id="13 digits"),
    pytest.param(line(at="20230431000000"), Reason.WRONG_TYPE, 4, "20230431", "20230431", id="31 April"),
    pytest.param(line(status="03"), Reason.WRONG_TYPE, 5, "'03'", "'03'", id="status 03"),
    pytest.param(line(status="0"), Reason.WRONG_TYPE, 5, "'0'", "'0'", id="a cut status"),
    pytest.param(line(status=""), Reason.WRONG_TYPE, 5, "''", "''", id="an empty status"),
    pytest.param(line().rpartition("\t")[0], Reason.WRONG_TYPE, 5, "thiếu", "missing", id="no status"),
    pytest.param(line() + "\tx", Reason.WRONG_CONTENT, 0, "thấy 6", "found 6", id="six columns"),
    pytest.param("Thông số\tGiá trị\tĐơn vị\tThời gian\tTrạng thái", Reason.WRONG_CONTENT, 0, "dòng tiêu đề", "a header", id="header"),
    pytest.param("Name\tValue\tUnit\tDateTime\tStatus\t", Reason.WRONG_CONTENT, 0, "dòng tiêu đề", "a header", id="header in English"),
    pytest.param(line("Thông số"), Reason.UNKNOWN_PARAMETER, 1, "Thông số", "Thông số", id="a header's word with values is a strange name"),
    pytest.param(line().replace("\t", " "), Reason.WRONG_CONTENT, 0, "TAB", "TABs", id="spaces for TABs"),
    pytest.param("x" * 2000, Reason.TOO_BIG, 0, "quá dài", "too long", id="a line without end"),
    pytest.param("\x00" * 40, Reason.WRONG_CONTENT, 0, "điều khiển", "control", id="zeros after a power cut"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "reason", "column", "vi", "en"), BAD)
def test_a_bad_line_is_told_with_its_place_and_spares_the_others(
    bad: str, reason: Reason, column: int, vi: str, en: str
) -> None:
    found = told("\r\n".join((line(), bad, line("DO", "6", "mg/L"))))

    assert [reading.parameter for reading in found.readings] == ["ph", "dissolved_oxygen"]
    (refused,) = found.refused
    assert (refused.line, refused.column, refused.why.reason) == (2, column, reason)
    assert refused.payload == bad.encode()
    assert refused.why.vi.startswith("Dòng 2" + (f", cột {column} " if column else ""))
    assert refused.why.en.startswith("line 2" + (f", column {column} " if column else ""))
    assert vi in refused.why.vi
    assert en in refused.why.en


GREEK = line("PM2,5", "12.5", "µg/m³")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GREEK.encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + GREEK.encode(), id="UTF-8 with a mark"),
        pytest.param(GREEK.encode("latin-1"), id="Latin-1"),
        pytest.param(GREEK.encode("cp1258"), id="Windows-1258"),
        pytest.param(codecs.BOM_UTF16_LE + GREEK.encode("utf-16-le"), id="UTF-16 LE"),
        pytest.param(codecs.BOM_UTF16_BE + GREEK.encode("utf-16-be"), id="UTF-16 BE"),
        pytest.param(GREEK.encode("utf-16-le"), id="UTF-16 LE without its mark"),
        pytest.param(GREEK.encode("utf-16-be"), id="UTF-16 BE without its mark"),
        pytest.param(f"{GREEK}\r\n".encode("utf-16-le"), id="UTF-16 LE without its mark, ended"),
        pytest.param(f"{GREEK}\r".encode("utf-16-be"), id="UTF-16 BE without its mark, CR alone"),
    ],
)
def test_every_usual_encoding_is_read(data: bytes) -> None:
    assert [(reading.parameter, reading.value) for reading in told(data).readings] == [("pm25", 12.5)]


def test_a_file_with_a_header_keeps_its_values_and_the_header_is_told() -> None:
    found = told("Tên\tGiá trị\tĐơn vị\tThời gian\tTrạng thái\r\n" + line() + "\r\n")

    assert [reading.value for reading in found.readings] == [7.2]
    assert [(one.line, one.why.en) for one in found.refused] == [(1, "line 1: a header, no value in it")]


def test_a_million_bytes_of_ends_of_lines_are_read_in_one_go() -> None:
    for data in (b"\r" * MAX_BYTES, b"\r\n" * (MAX_BYTES // 2), "\r".encode("utf-16-le") * (MAX_BYTES // 2)):
        assert [one.why.en for one in told(data).refused] == ["no line in the file"]


HALF = len(line() + "\r\n") + 5


@pytest.mark.parametrize(
    ("data", "read_n", "refused", "upto"),
    [
        pytest.param(f"{line()}\r\n{line()}\r\n", 2, [], 2, id="whole"),
        pytest.param(f"{line()}\r\n{line()}", 2, [], 2, id="the last line is whole, its end is missing"),
        pytest.param(f"{line()}\r\n{line()}"[:HALF], 1, [], 1, id="half a line waits"),
        pytest.param(f"{line()}\r\nx\r\n{line()}"[: HALF + 3], 1, [2], 2, id="a bad line does not"),
        pytest.param(line()[:-1], 0, [], 0, id="half a status"),
        pytest.param("", 0, [], 0, id="nothing yet"),
    ],
)
def test_of_a_file_that_may_still_grow_half_a_line_waits(
    data: str, read_n: int, refused: list[int], upto: int
) -> None:
    found = so_far(told(data), data.encode())

    assert len(found.readings) == read_n
    assert [one.line for one in found.refused] == refused
    assert found.upto == upto


def test_a_file_is_read_on_from_a_line() -> None:
    text = "\r\n".join((line(value="1"), line(value="x"), line(value="3"), line(value="y")))
    found = read(NAME, text.encode(), STATIONS, after=2)

    assert ([reading.value for reading in found.readings], [one.line for one in found.refused]) == (
        [3.0],
        [4],
    )
    nothing = read(NAME, text.encode(), STATIONS, after=4)
    assert (nothing.station, nothing.readings, nothing.refused) == ("bo-cang", [], [])


def test_lines_of_two_encodings_in_one_file_spoil_nothing() -> None:
    found = told(
        b"\r\n".join((GREEK.encode(), GREEK.encode("latin-1"), line("Temp", "25", "°C").encode("latin-1")))
    )

    assert [reading.value for reading in found.readings] == [12.5, 12.5, 25.0]


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be"])
def test_a_refused_line_of_a_wide_file_keeps_its_bytes(wide: str) -> None:
    mark = codecs.BOM_UTF16_LE if wide.endswith("le") else codecs.BOM_UTF16_BE
    bad = line("ਊ", "7,2")  # U+0A0A: both its bytes look like an end of line
    found = told(mark + f"{line()}\r\n{bad}\r\n{line()}".encode(wide))

    assert len(found.readings) == 2
    assert [(one.line, one.payload) for one in found.refused] == [(2, bad.encode(wide))]


@pytest.mark.parametrize(
    ("name", "data", "reason", "en"),
    [
        pytest.param(
            "readme.txt", b"hello", Reason.WRONG_CONTENT, "yyyyMMddHHmmss", id="a name without a time"
        ),
        pytest.param(
            "XX_20230506000500.txt", line().encode(), Reason.UNKNOWN_STATION, "'XX'", id="a stranger"
        ),
        pytest.param(
            "phu-oc_20230506000500.txt", b"", Reason.UNKNOWN_STATION, "phu-oc", id="an id is no file name"
        ),
        pytest.param(NAME, b"", Reason.WRONG_CONTENT, "no line", id="empty"),
        pytest.param(NAME, b"\r\n \n", Reason.WRONG_CONTENT, "no line", id="blank lines"),
        pytest.param(NAME, b"x" * (MAX_BYTES + 1), Reason.TOO_BIG, str(MAX_BYTES), id="too big"),
    ],
)
def test_what_is_no_file_of_a_station_is_refused_whole(
    name: str, data: bytes, reason: Reason, en: str
) -> None:
    found = told(data, name)

    assert (found.station, found.readings) == (None, [])
    (refused,) = found.refused
    assert (refused.line, refused.why.reason, refused.payload) == (0, reason, data)
    assert en in refused.why.en


def test_any_of_its_file_names_leads_to_the_station() -> None:
    assert told(line(), "vl_cang_nuoc01_20230506000500.txt").station == "bo-cang"
    assert told(line(), "VL CANG CU_20230506000500.txt").station == "bo-cang"


def test_a_name_that_two_parameters_share_is_nobodys() -> None:
    both = Station(
        "b",
        "B",
        [],
        [parameter("water_temperature", "C"), parameter("air_temperature", "C")],
        file_names=["B"],
    )
    found = read("B_20230506000500.txt", line("Temp", "25", "C").encode(), file_stations([both]))

    assert [one.why.reason for one in found.refused] == [Reason.UNKNOWN_PARAMETER]


def test_a_refused_line_has_one_place_for_ever_and_a_corrected_file_another() -> None:
    data, better = line(value="7,2").encode(), line(value="7,3").encode()

    def places(data: bytes) -> list[tuple[str, int, int]]:
        return [(one.topic, one.partition, one.offset) for one in rejected(NAME, data, told(data), ARRIVED)]

    assert places(data) == places(data)
    assert places(data)[0][0].startswith(f"file:{NAME}@")
    assert places(data)[0][1:] == (0, 1)
    assert places(data) != places(better)
    (one,) = rejected(NAME, data, told(data), ARRIVED)
    assert (one.source, one.key, one.at, one.payload) == ("files", b"bo-cang", ARRIVED, data)


def test_only_a_temperature_may_be_of_two_parameters() -> None:
    both = ("water_temperature", "air_temperature")

    assert {name: codes for name, codes in CODES.items() if len(codes) > 1} == dict.fromkeys(
        ("temp", "temperature", "nhietdo"), both
    )


@pytest.mark.parametrize(
    ("symbol", "code"),
    [
        ("TP", "total_phosphorus"),
        ("TN", "total_nitrogen"),
        ("NH4", "nh4"),
        ("NH4+", "nh4"),
        ("NO3", "nitrate"),
    ],
)
def test_nutrients_are_read_by_their_symbols(symbol: str, code: str) -> None:
    """`TP` meant `total_p`, which no configuration knows: each line of it was refused."""
    station = Station(
        "bo-cang", "Bờ Cảng", [], [Parameter(code, "mg/L", 0, 100, 300, 1800)], file_names=["VL_CANG"]
    )
    found = read(
        "VL_CANG_20230506000500.txt",
        f"{symbol}\t0.42\tmg/L\t20230506000500\t00\n".encode(),
        file_stations([station]),
    )

    assert [(reading.parameter, reading.value) for reading in found.readings] == [(code, 0.42)]
    assert found.refused == []


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reader(data: bytes) -> None:
    found = told(data)

    assert found.readings == []
    assert found.refused


CELLS = st.lists(
    st.one_of(
        st.sampled_from(["pH", "7.2", "7,2", "20230506000500", "00", "01", "9", "", "mg/L", "\x00", "NaN"]),
        st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=8),
    ),
    max_size=7,
)


@given(st.lists(CELLS, min_size=1, max_size=8))
def test_every_line_is_either_a_reading_or_refused(table: list[list[str]]) -> None:
    rows = ["\t".join(cells) for cells in table]
    found = told("\n".join([line(), *rows]))
    blank = sum(not row.strip() for row in rows)

    assert len(found.readings) + len(found.refused) == 1 + len(rows) - blank
