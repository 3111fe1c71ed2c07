"""Files of official stations and forms of persons, up to Kafka and back into the store."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from connectors.caller import networks
from connectors.intake.folder import SETTLED_S, STAY_S, Folder
from connectors.intake.form import Members, application
from connectors.intake.process import _decoded
from connectors.intake.topic import IntakeTopic
from connectors.kafka.sink import DeliveryError
from models.commune.configuration import Commune, Hamlet, Parameter, Station
from models.stationfile.station import file_stations
from models.telemetry.batch import RawBatch
from models.telemetry.judge import judge
from models.telemetry.partition import PARTITIONS, partition_of
from models.telemetry.reading import Reading
from models.telemetry.sensor import plan
from tests import kafka

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.applications import Starlette

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


class Hand:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def hand() -> Hand:
    return Hand()


def opened(place: Path, taken: Taken, hand: Hand) -> Folder:
    """The folder as a process finds it when it starts."""
    return Folder(
        place / "in", place / "done", place / "refused", file_stations(STATIONS), taken.put, lambda: NOW, hand
    )


@pytest.fixture
def folder(tmp_path: Path, taken: Taken, hand: Hand) -> Folder:
    (tmp_path / "in").mkdir()
    return opened(tmp_path, taken, hand)


def pass_s(folder: Folder, seconds: float, step_s: float = 2.0) -> int:
    """Look every `step_s` while time passes; the number of files moved."""
    hand = folder.ticks
    assert isinstance(hand, Hand)
    moved, until = 0, hand.s + seconds
    while True:
        moved += folder.look()
        if hand.s >= until:
            return moved
        hand.s += step_s


def looks(folder: Folder) -> int:
    """Long enough to be read and moved."""
    return pass_s(folder, STAY_S)


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
        assert pass_s(folder, SETTLED_S - 2) == 0
    assert not taken.readings

    assert looks(folder) == 1
    assert len(taken.readings) == 3


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
    assert pass_s(folder, 0) == 1
    assert len(taken.readings) == 1


def test_a_crash_before_the_move_tells_the_same_again(
    folder: Folder, taken: Taken, tmp_path: Path, hand: Hand
) -> None:
    (folder.incoming / NAME).write_text(GOOD + BAD, newline="")
    pass_s(folder, SETTLED_S)
    assert names(folder.incoming) == [NAME]

    assert looks(opened(tmp_path, taken, hand)) == 1

    first, again = taken.readings
    assert first == again
    one, other = taken.rejected
    assert (one.topic, one.partition, one.offset) == (other.topic, other.partition, other.offset)


def test_a_move_that_fails_is_tried_again_and_tells_nothing_twice(
    folder: Folder, taken: Taken, monkeypatch: Any
) -> None:
    (folder.incoming / NAME).write_text(GOOD + BAD, newline="")
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(5, "broken")))
        assert looks(folder) == 0

    assert pass_s(folder, 2) == 1
    assert (len(taken.readings), len(taken.rejected)) == (1, 1)


FOUR = [
    f"{name}\t{value}\tug/m3\t2026101214{minute}00\t00\r\n"
    for minute in ("00", "05")
    for name, value in (("PM-10", "31.5"), ("PM2,5", "12.5"))
]
WHOLE = "".join(FOUR)
HALVES = {
    "between two lines": len("".join(FOUR[:2])),
    "between CR and LF": len("".join(FOUR[:2])) - 1,
    "before the end of a line": len("".join(FOUR[:2])) - 2,
    "within a value": len("".join(FOUR[:2])) + 8,
    "within a status": len("".join(FOUR[:2])) - 3,
    "before the first byte": 0,
    "within the first name": 2,
}
PAUSES = {
    "14 s": 14.0,
    "a minute and a half, moved meanwhile": 90.0,
    "three hours, moved meanwhile": 10_800.0,
}


@pytest.mark.parametrize("pause_s", PAUSES.values(), ids=PAUSES.keys())
@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES.keys())
def test_a_file_that_comes_in_two_halves_is_read_whole(
    folder: Folder, taken: Taken, half: int, pause_s: float
) -> None:
    """The server holds the file open: it goes on writing wherever the file is by then."""
    with (folder.incoming / NAME).open("w", newline="", encoding="ascii") as open_file:
        open_file.write(WHOLE[:half])
        open_file.flush()
        pass_s(folder, pause_s, step_s=2.0 if pause_s < 100 else 60.0)
        open_file.write(WHOLE[half:])
    pass_s(folder, 2 * STAY_S)

    found = {(one.parameter, one.at.minute): one.value for one in taken.readings}
    assert found == {("pm10", 0): 31.5, ("pm25", 0): 12.5, ("pm10", 5): 31.5, ("pm25", 5): 12.5}
    assert len(taken.readings) == 4, "each once: it is read on from where it stood"
    assert names(folder.incoming) == []


def test_a_server_that_opens_the_file_anew_to_append_finds_it(folder: Folder, taken: Taken) -> None:
    path, half = folder.incoming / NAME, HALVES["within a value"]
    path.write_text(WHOLE[:half], newline="")
    pass_s(folder, 14)
    assert len(taken.readings) == 2, "what is whole is not kept waiting"
    with path.open("a", newline="", encoding="ascii") as again:
        again.write(WHOLE[half:])
    pass_s(folder, 2 * STAY_S)

    assert (len(taken.readings), taken.rejected) == (4, [])
    assert names(folder.done) == [NAME]


def test_half_a_line_whose_rest_never_comes_is_refused_by_name(folder: Folder, taken: Taken) -> None:
    (folder.incoming / NAME).write_text(WHOLE[: HALVES["within a value"]], newline="")
    pass_s(folder, SETTLED_S)
    assert (len(taken.readings), taken.rejected) == (2, [])

    pass_s(folder, STAY_S)
    (one,) = taken.rejected
    assert (one.payload, one.offset) == (b"PM-10\t31", 3)


def test_a_file_that_is_written_anew_is_read_anew(folder: Folder, taken: Taken) -> None:
    path = folder.incoming / NAME
    path.write_text(GOOD, newline="")
    pass_s(folder, SETTLED_S)
    path.write_text(GOOD.replace("31.5", "32.5") + FOUR[1], newline="")
    looks(folder)

    assert [one.value for one in taken.readings] == [31.5, 32.5, 12.5]


def test_what_was_written_into_done_while_nobody_looked_is_read_at_the_start_and_only_then(
    folder: Folder, taken: Taken, tmp_path: Path, hand: Hand
) -> None:
    with (folder.incoming / NAME).open("w", newline="", encoding="ascii") as open_file:
        open_file.write(WHOLE[: HALVES["between two lines"]])
        open_file.flush()
        assert looks(folder) == 1
        open_file.write(WHOLE[HALVES["between two lines"] :])
    assert len(taken.readings) == 2

    pass_s(opened(tmp_path, taken, hand), 10)
    assert {(one.parameter, one.at.minute) for one in taken.readings} == {
        (code, minute) for code in ("pm10", "pm25") for minute in (0, 5)
    }
    had = len(taken.readings)
    pass_s(opened(tmp_path, taken, hand), 10)
    assert len(taken.readings) == had


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


def posted(app: Starlette, *fields: dict[str, str], headers: list[dict[str, str]] | None = None) -> list[int]:
    """Forms one after the other to one running application; each status."""

    async def ask() -> list[int]:
        # As a proxy on this machine would: the connection is always its own.
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://phusa") as client:
            more = headers or [{}] * len(fields)
            found = [
                await client.post("/do", data=own, headers=each)
                for own, each in zip(fields, more, strict=True)
            ]
            return [one.status_code for one in found]

    return asyncio.run(ask())


def filled_in(value: str, code: str = "dung-ma-8") -> dict[str, str]:
    return {"member": "nguoi-01", "code": code, "dissolved_oxygen": value}


def test_two_values_in_one_second_are_two_readings(members: Members, taken: Taken) -> None:
    posted(application(members, taken.put, lambda: NOW), filled_in("4"), filled_in("4,2"), filled_in("4"))

    assert [one.value for one in taken.readings] == [4.0, 4.2, 4.0]
    assert len({(one.at, one.seq) for one in taken.readings}) == 3
    assert max(one.at for one in taken.readings) - NOW <= timedelta(milliseconds=2)
    plan_, batch_ = plan(COMMUNE), [msgspec.json.encode(one) for one in taken.readings]
    raw = RawBatch(
        "readings", partition_of("nguoi-01"), [0, 1, 2], batch_, [b"nguoi-01"] * 3, [round(NOW.timestamp() * 1000)] * 3, 3
    )  # fmt: skip
    judged = judge(plan_, {}, raw)
    assert ([one.value for one in judged.observations], judged.rejected) == ([4.0, 4.2, 4.0], [])


def test_a_button_that_is_tapped_twice_is_one_measurement(members: Members, taken: Taken) -> None:
    clock = iter(
        [NOW, NOW, NOW + timedelta(seconds=1), NOW + timedelta(seconds=1), *[NOW + timedelta(seconds=60)] * 2]
    )
    posted(application(members, taken.put, lambda: next(clock)), *[filled_in("4")] * 3)
    assert [one.at for one in taken.readings] == [NOW, NOW, NOW + timedelta(seconds=60)]


@pytest.mark.parametrize(
    ("trusted", "forwarded"),
    [
        pytest.param("", lambda i: f"9.9.9.{i}", id="no proxy is trusted: the header is nobody's word"),
        pytest.param("127.0.0.1", lambda i: f"9.9.9.{i}, 203.0.113.7", id="the proxy appends who called it"),
    ],
)
def test_whoever_tries_codes_cannot_escape_the_brake_by_another_address_in_a_header(
    members: Members, taken: Taken, trusted: str, forwarded: Callable[[int], str]
) -> None:
    app = application(members, taken.put, lambda: NOW, networks(trusted))
    headers = [{"X-Forwarded-For": forwarded(i)} for i in range(15)]

    found = posted(app, *[filled_in("4", "sai")] * 15, headers=headers)

    assert found[:10] == [401] * 10
    assert found[11:] == [429] * 4


def test_behind_a_trusted_proxy_one_stranger_holds_nobody_else_back(members: Members, taken: Taken) -> None:
    app = application(members, taken.put, lambda: NOW, networks("127.0.0.1"))
    posted(app, *[filled_in("4", "sai")] * 15, headers=[{"X-Forwarded-For": "203.0.113.7"}] * 15)

    assert posted(app, filled_in("4", "sai"), headers=[{"X-Forwarded-For": "203.0.113.8"}]) == [401]


def test_a_field_sent_twice_is_asked_again(members: Members, taken: Taken) -> None:
    form = b"member=nguoi-01&code=dung-ma-8&dissolved_oxygen=4&dissolved_oxygen=9"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    said = call(members, taken, "POST", "/do", content=form, headers=kind)
    body = b'{"member":"nguoi-01","values":{"dissolved_oxygen":4,"dissolved_oxygen":9}}'
    api = call(
        members, taken, "POST", "/api/readings", content=body, headers={"Authorization": "Bearer dung-ma-8"}
    )

    assert (said.status_code, api.status_code) == (400, 400)
    assert "gửi hai lần" in said.text
    assert "gửi hai lần" in api.json()["errors"][""]["vi"]
    assert not taken.readings


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
