"""Files of official stations and forms of persons, up to Kafka and back into the store."""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from connectors.intake.folder import Folder
from connectors.intake.form import Members, application
from connectors.intake.process import _decoded
from connectors.intake.topic import IntakeTopic
from connectors.kafka.sink import DeliveryError
from models.commune.configuration import Commune, Hamlet, Parameter, Station
from models.stationfile.station import file_stations
from models.telemetry.partition import PARTITIONS
from models.telemetry.reading import Reading
from tests import kafka

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.settings import Settings
    from models.rejected import Rejected

NOW = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
NAME = "HUE_LAVANHA_KK01_20261012140000.txt"
GOOD = "PM-10\t31.5\tug/m3\t20261012140000\t00\r\n"
BAD = "PM2,5\t12,5\tug/m3\t20261012140000\t00\r\n"
STATIONS = [
    Station(
        "air", "Trạm", ["ha"],
        [Parameter(code, "ug/m3", 0, 1000, 300, 3600) for code in ("pm10", "pm25")],
        file_names=["HUE_LAVANHA_KK01"],
    ),
    Station("nguoi-01", "Người đo", ["ha"], [Parameter("dissolved_oxygen", "mg/L", 0, 20, 86400, 604800)]),
]  # fmt: skip
COMMUNE = Commune([], [Hamlet("ha", "Hạ", "xa", date(2020, 1, 1))], STATIONS, [], [])


class Taken:
    """Stands for Kafka in tests of the folder alone; `away` fails as Kafka does."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.rejected: list[Rejected] = []
        self.away = False

    def put(self, readings: Sequence[Reading], rejected: Sequence[Rejected], _arrived_ms: int) -> None:
        if self.away:
            raise DeliveryError("away")
        self.readings += readings
        self.rejected += rejected


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def folder(tmp_path: Path, taken: Taken) -> Folder:
    (tmp_path / "in").mkdir()
    return Folder(
        tmp_path / "in",
        tmp_path / "done",
        tmp_path / "refused",
        file_stations(STATIONS),
        taken.put,
        lambda: NOW,
    )


def looks(folder: Folder, count: int = 3) -> int:
    return sum(folder.look() for _ in range(count))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_that_stands_still_is_read_and_moved(folder: Folder, taken: Taken) -> None:
    (folder.incoming / "KK01" / "2026").mkdir(parents=True)
    (folder.incoming / "KK01" / "2026" / NAME).write_text(GOOD, newline="")

    assert looks(folder) == 1
    assert [(one.source, one.parameter, one.value) for one in taken.readings] == [("air", "pm10", 31.5)]
    assert names(folder.done) == [NAME]
    assert names(folder.incoming) == []


def test_a_file_that_grows_is_waited_for(folder: Folder, taken: Taken) -> None:
    path = folder.incoming / NAME
    for part in (GOOD[:10], GOOD, GOOD * 2, GOOD * 3):
        path.write_text(part, newline="")
        assert looks(folder, 2) == 0
    assert not taken.readings

    assert looks(folder) == 1


def test_a_name_that_is_no_text_is_refused_by_name(folder: Folder, taken: Taken) -> None:
    (folder.incoming / os.fsdecode(b"tr\xff_20261124101010.txt")).write_bytes(GOOD.encode())

    assert looks(folder) == 1
    (one,) = taken.rejected
    assert one.topic.startswith("file:tr\\xff_20261124101010.txt@")
    assert msgspec.json.encode(one)


def test_what_none_of_ours_has_refused_is_passed_over() -> None:
    assert [_decoded(one) for one in (None, b"", b"{}", b"\xff", b'{"v": "x"}')] == [None] * 5


def test_a_file_with_one_bad_line_keeps_its_good_lines(folder: Folder, taken: Taken) -> None:
    (folder.incoming / NAME).write_text(BAD + GOOD, newline="")

    looks(folder)

    assert [one.parameter for one in taken.readings] == ["pm10"]
    (refused,) = taken.rejected
    assert refused.payload == BAD.rstrip("\r\n").encode()
    assert names(folder.done) == [NAME]


NOTHING = {
    "a strange name": ("note.txt", "PM10"),
    "a strange station": ("X_20261012140000.txt", GOOD),
    "an empty file": (NAME, ""),
    "only bad lines": (NAME, BAD),
}


@pytest.mark.parametrize(("name", "text"), NOTHING.values(), ids=NOTHING.keys())
def test_a_file_of_which_nothing_can_be_read_is_put_aside_and_told(
    folder: Folder, taken: Taken, name: str, text: str
) -> None:
    (folder.incoming / name).write_text(text, newline="")

    looks(folder)

    assert len(taken.rejected) == 1
    assert names(folder.refused) == [name]


@pytest.mark.parametrize("name", [f".{NAME}", f"{NAME}.part", f"{NAME}.tmp", f"{NAME}.filepart"])
def test_what_an_ftp_server_has_not_finished_is_left_alone(folder: Folder, taken: Taken, name: str) -> None:
    (folder.incoming / name).write_text(GOOD, newline="")

    assert looks(folder) == 0
    assert not taken.readings


def test_a_link_is_not_followed(folder: Folder, taken: Taken, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text(GOOD, newline="")
    (folder.incoming / NAME).symlink_to(tmp_path / "elsewhere.txt")

    assert looks(folder) == 0
    assert not taken.readings


def test_while_kafka_is_away_files_stay_and_are_read_afterwards(folder: Folder, taken: Taken) -> None:
    (folder.incoming / NAME).write_text(GOOD, newline="")
    taken.away = True
    assert looks(folder) == 0
    assert names(folder.incoming) == [NAME]

    taken.away = False
    assert looks(folder, 1) == 1


def test_a_crash_before_the_move_tells_the_same_again(folder: Folder, taken: Taken, monkeypatch: Any) -> None:
    (folder.incoming / NAME).write_text(GOOD + BAD, newline="")
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(5, "crash")))
        looks(folder)

    looks(folder)

    first, again = taken.readings
    assert first == again
    one, other = taken.rejected
    assert (one.topic, one.partition, one.offset) == (other.topic, other.partition, other.offset)


def test_a_second_file_of_one_name_does_not_replace_the_first(folder: Folder) -> None:
    for _ in range(2):
        (folder.incoming / NAME).write_text(GOOD, newline="")
        looks(folder)

    assert names(folder.done) == [NAME, f"{NAME}.1"]


@pytest.fixture
def members(tmp_path: Path) -> Members:
    path = tmp_path / "members.json"
    path.write_text(json.dumps({"nguoi-01": "dung-ma-8"}), encoding="utf-8")
    return Members(path, COMMUNE)


def call(members: Members, taken: Taken, method: str, path: str, **more: Any) -> httpx.Response:
    app = application(members, taken.put, lambda: NOW)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://phusa") as client:
            return await client.request(method, path, **more)

    import asyncio

    return asyncio.run(ask())


def test_the_page_asks_in_vietnamese_for_what_the_station_measures(members: Members, taken: Taken) -> None:
    page = call(members, taken, "GET", "/do").text

    assert "Oxy hòa tan (mg/L)" in page
    assert "<script" not in page


def test_each_member_has_a_page_with_the_fields_of_the_own_station(taken: Taken, tmp_path: Path) -> None:
    rain = Station("nguoi-02", "Mưa", ["ha"], [Parameter("rain", "mm", 0, 500, 86400, 604800)])
    own = Members(tmp_path / "members.json", msgspec.structs.replace(COMMUNE, stations=[*STATIONS, rain]))

    page = call(own, taken, "GET", "/do?m=nguoi-02").text

    assert "Mưa (mm)" in page
    assert "Oxy hòa tan" not in page
    assert 'value="nguoi-02"' in page
    assert "Oxy hòa tan" in call(own, taken, "GET", "/do?m=<script>").text


def test_a_form_with_a_decimal_comma_is_taken_and_thanked(members: Members, taken: Taken) -> None:
    said = call(
        members,
        taken,
        "POST",
        "/do",
        data={"member": "nguoi-01", "code": "dung-ma-8", "dissolved_oxygen": "2,1"},
    )

    assert said.status_code == 200
    assert "Đã nhận 1 số đo" in said.text
    assert [(one.source, one.value) for one in taken.readings] == [("nguoi-01", 2.1)]


def test_a_wrong_value_comes_back_with_the_question_and_without_the_code(
    members: Members, taken: Taken
) -> None:
    said = call(
        members,
        taken,
        "POST",
        "/do",
        data={"member": "nguoi-01", "code": "dung-ma-8", "dissolved_oxygen": "21<b>"},
    )

    assert said.status_code == 422
    assert "cần một số, ví dụ 6,5" in said.text
    assert "21&lt;b&gt;" in said.text
    assert "dung-ma-8" not in said.text
    assert not taken.readings
    (kept,) = taken.rejected
    assert (kept.topic, kept.vi) == ("form:nguoi-01", "dissolved_oxygen: cần một số, ví dụ 6,5; thấy '21<b>'")
    assert json.loads(kept.payload) == {"dissolved_oxygen": "21<b>"}


STRANGERS = {
    "a wrong code": ("nguoi-01", "sai"),
    "no code": ("nguoi-01", ""),
    "nobody": ("nguoi-99", "dung-ma-8"),
}


@pytest.mark.parametrize(("member", "code"), STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_refused(members: Members, taken: Taken, member: str, code: str) -> None:
    said = call(members, taken, "POST", "/do", data={"member": member, "code": code, "dissolved_oxygen": "4"})

    assert said.status_code == 401
    assert not taken.readings


def test_a_body_that_is_too_big_is_refused(members: Members, taken: Taken) -> None:
    assert call(members, taken, "POST", "/do", content=b"a" * 20_000).status_code == 413


def test_while_kafka_is_away_a_person_is_asked_to_come_again(members: Members, taken: Taken) -> None:
    taken.away = True

    said = call(
        members,
        taken,
        "POST",
        "/do",
        data={"member": "nguoi-01", "code": "dung-ma-8", "dissolved_oxygen": "4"},
    )

    assert said.status_code == 503
    assert 'value="4"' in said.text


API = {
    "taken": ({"member": "nguoi-01", "values": {"dissolved_oxygen": 4.2}}, 200),
    "out of range": ({"member": "nguoi-01", "values": {"dissolved_oxygen": 42}}, 422),
    "true is no number": ({"member": "nguoi-01", "values": {"dissolved_oxygen": True}}, 400),
    "no values": ({"member": "nguoi-01"}, 400),
    "a list": ([1], 400),
}


@pytest.mark.parametrize(("body", "status"), API.values(), ids=API.keys())
def test_the_endpoint(members: Members, taken: Taken, body: object, status: int) -> None:
    headers = {"Authorization": "Bearer dung-ma-8"}

    assert call(members, taken, "POST", "/api/readings", json=body, headers=headers).status_code == status


@pytest.mark.integration
def test_readings_and_refusals_are_on_their_topics_when_put_returns(stack: Settings) -> None:
    readings, rejected = kafka.topic(stack.bootstrap, PARTITIONS), kafka.topic(stack.bootstrap, 1)
    topic = IntakeTopic(stack.bootstrap, readings, rejected)
    one = Reading(1, "nguoi-01", 1, NOW, "dissolved_oxygen", 4.2, "mg/L")

    threads = [threading.Thread(target=topic.put, args=([one], [], 1_790_000_000_000)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    found = kafka.everything(stack.bootstrap, readings, PARTITIONS)
    assert [key for key, _ in found] == [b"nguoi-01"] * 4


@pytest.mark.integration
def test_kafka_that_cannot_be_reached_is_told(monkeypatch: Any) -> None:
    monkeypatch.setattr("connectors.intake.topic.FLUSH_S", 0.5)

    with pytest.raises(DeliveryError, match="no answer"):
        IntakeTopic("127.0.0.1:9").put([Reading(1, "nguoi-01", 1, NOW, "x", 1.0, "1")], [], 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_named_and_stops_nothing(folder: Folder) -> None:
    (folder.incoming / NAME).write_text(GOOD, newline="")
    (folder.incoming / NAME).chmod(0)
    (folder.incoming / NAME.replace("140000", "140500")).write_text(GOOD, newline="")

    assert looks(folder) == 1
