"""Forms and calls of persons who measure, and their way onto the topics."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from connectors.caller import networks
from connectors.intake.form import Members, application
from connectors.intake.topic import IntakeTopic
from connectors.kafka.sink import DeliveryError
from models.commune.configuration import Parameter, Station
from models.envelope.batch import RawBatch
from models.envelope.partition import PARTITIONS, partition_of
from models.envelope.reading import Reading
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests import kafka
from tests.gateways import HANG_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from connectors.settings import Settings
from tests.intake import COMMUNE, NOW, STATIONS, Taken


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
    assert [(reading.source, reading.value) for reading in taken.readings] == [("nguoi-01", 2.1)]


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

    assert [reading.value for reading in taken.readings] == [4.0, 4.2, 4.0]
    assert len({(reading.at, reading.seq) for reading in taken.readings}) == 3
    assert max(reading.at for reading in taken.readings) - NOW <= timedelta(milliseconds=2)
    plan_, batch_ = plan(COMMUNE), [msgspec.json.encode(reading) for reading in taken.readings]
    raw = RawBatch(
        "readings", partition_of("nguoi-01"), [0, 1, 2], batch_, [b"nguoi-01"] * 3, [round(NOW.timestamp() * 1000)] * 3, 3
    )  # fmt: skip
    judged = judge(plan_, {}, raw)
    assert ([observation.value for observation in judged.observations], judged.rejected) == (
        [4.0, 4.2, 4.0],
        [],
    )


def test_a_button_that_is_tapped_twice_is_one_measurement(members: Members, taken: Taken) -> None:
    clock = iter(
        [NOW, NOW, NOW + timedelta(seconds=1), NOW + timedelta(seconds=1), *[NOW + timedelta(seconds=60)] * 2]
    )
    posted(application(members, taken.put, lambda: next(clock)), *[filled_in("4")] * 3)
    assert [reading.at for reading in taken.readings] == [NOW, NOW, NOW + timedelta(seconds=60)]


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
def test_readings_and_refusals_are_on_their_topics_when_put_returns(
    stack: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.intake.topic.FLUSH_S", HANG_S)
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
