"""The endpoint: who is answered what, and what is kept; Kafka is a list here."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import requests
import schemathesis
import structlog
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from connectors.caller import networks
from connectors.payments import application, secret_files
from connectors.payments.audit import NAME, audit
from connectors.payments.memory import Brake, RecentEvents
from connectors.payments.topic import NotKeptError
from connectors.payments.verifier import Verifier
from connectors.sealing import Seal, key
from connectors.settings import ROOT
from infra.rehearsal.simulator.providers.viettel import question
from infra.rehearsal.simulator.webhooks import Webhook, event_id
from models.catalogue.providers import Provider
from models.envelope.rejected import Reason
from models.payments.configuration import Payments
from models.payments.content import vocabulary
from models.payments.contract import MAX_BYTES, Secret
from models.payments.event import PaymentEvent, PaymentRecord, RefusedRequest, What, about
from models.payments.providers import sepay
from models.payments.providers.registry import ENDPOINTS, Endpoint
from models.payments.redaction import Redaction
from tests.webhooks import ACCOUNT, NOW, PAYMENTS, SECRETS, sent, transfer
from tests.webhooks import NAME as PERSON

every = pytest.mark.parametrize("provider", list(Provider))
PERSONAL = re.compile(rf"912345678|{PERSON}|HOANG|\+?84\d{{9}}", re.IGNORECASE)


class Kept:
    """Kafka as a list; `away`: it does not answer."""

    def __init__(self) -> None:
        self.records: list[tuple[str, bytes]] = []
        self.away = False

    async def put(self, key: str, value: bytes) -> None:
        if self.away:
            raise NotKeptError("away")
        self.records.append((key, value))

    @property
    def values(self) -> list[PaymentRecord]:
        return [msgspec.json.decode(value, type=PaymentRecord) for _key, value in self.records]


class Place:
    """An endpoint in the test's own folder, of a commune with `payments`, behind the proxies `trusted`."""

    def __init__(
        self, folder: Path, payments: Payments = PAYMENTS, trusted: str = "", **changed: Any
    ) -> None:
        self.folder, self.kept = folder, Kept()
        self.seal = Seal(key(folder, "payments"))
        redaction = Redaction(vocabulary(payments), key(folder, "payers"))
        self.verifier = Verifier(self.kept, self.seal, redaction, audit(folder), lambda: NOW, **changed)
        served = application.served_endpoints(payments, SECRETS)
        self.app = application.application(served, self.verifier, lambda: NOW, self.kept, networks(trusted))

    def send(self, *calls: Webhook) -> list[httpx.Response]:
        """The answers, in order."""

        async def run(client: httpx.AsyncClient) -> list[httpx.Response]:
            return [
                await client.request(call.method, call.path, headers=call.headers, content=call.body)
                for call in calls
            ]

        return self.run(run)

    def run(self, what: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
        async def inside() -> Any:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://endpoint") as client:
                return await what(client)

        return asyncio.run(inside())

    @property
    def audited(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / NAME).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def succeeded(answer: httpx.Response) -> bool:
    """Whether the provider would be content."""
    said = answer.json()
    return answer.status_code == 200 and (
        said.get("success") is True or said.get("RspCode") in ("00", "02") or said.get("error_code") == "00"
    )


@every
def test_a_payment_is_kept_without_its_person(place: Place, provider: Provider) -> None:
    (answer,) = place.send(sent(provider))
    (found,) = place.kept.values

    assert succeeded(answer)
    assert isinstance(found, PaymentEvent)
    assert (found.source, found.event, found.amount_vnd, found.merchant) == (
        provider,
        event_id(provider, transfer(provider)),
        27_000,
        "ve-sinh",
    )
    assert found.content == ("RAC T10" if provider is Provider.VIETTEL else "TIEN RAC T10 HO0123")
    assert place.kept.records[0][0] == f"{provider}:{found.event}"
    assert PERSONAL.search(place.kept.records[0][1].decode()) is None


@every
def test_the_sealed_body_is_what_came_byte_for_byte(place: Place, provider: Provider) -> None:
    one = sent(provider)
    place.send(one)
    (found,) = place.kept.values

    assert place.seal.open(found.sealed, about(provider)) == (one.body or one.path.partition("?")[2].encode())


@every
def test_the_same_event_again_is_success_and_kept_once(place: Place, provider: Provider) -> None:
    answers = place.send(sent(provider), sent(provider))

    assert all(succeeded(answer) for answer in answers)
    assert len(place.kept.records) == 1
    if provider is Provider.VNPAY:
        assert answers[1].json()["RspCode"] == "02"


@every
def test_while_kafka_is_away_the_provider_is_asked_to_repeat(place: Place, provider: Provider) -> None:
    place.kept.away = True
    (refused,) = place.send(sent(provider))
    place.kept.away = False
    (taken,) = place.send(sent(provider))

    assert not succeeded(refused)
    assert refused.status_code == (200 if provider is Provider.VNPAY else 503)
    assert succeeded(taken)
    assert len(place.kept.records) == 1


@every
def test_a_forged_call_is_kept_as_refused_and_audited_once(place: Place, provider: Provider) -> None:
    (answer,) = place.send(sent(provider, secret=Secret("another", "ACC")))
    (found,) = place.kept.values

    assert not succeeded(answer)
    assert isinstance(found, RefusedRequest)
    assert (found.source, found.reason) == (provider, Reason.WRONG_SIGNATURE)
    assert [(one["event"], one["source"], one["reason"]) for one in place.audited] == [
        ("call_refused", provider, "wrong_signature")
    ]
    written = place.kept.records[0][1].decode() + (place.folder / NAME).read_text(encoding="utf-8")
    assert PERSONAL.search(written) is None
    assert SECRETS[provider].key not in written


def test_money_going_out_is_answered_success_and_kept_as_refused(place: Place) -> None:
    (answer,) = place.send(sent(Provider.SEPAY, what=What.REFUND, content="Luong"))

    assert succeeded(answer)
    assert [value.reason for value in place.kept.values if isinstance(value, RefusedRequest)] == [
        Reason.WRONG_AMOUNT
    ]


def test_a_body_that_is_too_big_is_not_read_to_its_end(place: Place) -> None:
    # httpx's own transport would read it all: straight to the application.
    status, headers = asyncio.run(_raw(place.app, "/payments/sepay", [b" " * 16_384] * 1000))

    assert status == 413
    assert headers[b"connection"] == b"close"
    assert isinstance(place.kept.values[0], RefusedRequest)
    assert len(place.seal.open(place.kept.values[0].sealed, about("sepay"))) == MAX_BYTES


async def _raw(app: Any, path: str, chunks: list[bytes]) -> tuple[int, dict[bytes, bytes]]:
    left, said = list(chunks), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    await app(scope, receive, send)
    assert len(left) > 990
    return said[0]["status"], dict(said[0]["headers"])


def test_a_provider_without_a_secret_is_not_served_and_that_is_said() -> None:
    with structlog.testing.capture_logs() as lines:
        served = application.served_endpoints(PAYMENTS, {Provider.PAYOS: SECRETS[Provider.PAYOS]})

    assert [endpoint.endpoint.path for endpoint in served] == ["/payments/payos"]
    assert {line["file"] for line in lines} == {
        f"payments_{one}" for one in Provider if one is not Provider.PAYOS
    }


def test_a_commune_without_payments_serves_nobody() -> None:
    assert application.served_endpoints(None, SECRETS) == []


def test_a_flood_of_forged_calls_does_not_fill_the_topic(tmp_path: Path) -> None:
    place = Place(tmp_path, brake=Brake(rate=0, burst=5))
    forged = [sent(Provider.SEPAY, number=i, secret=Secret("x")) for i in range(1, 21)]
    answers = place.send(*forged, sent(Provider.SEPAY), sent(Provider.PAYOS, secret=Secret("x")))
    place.verifier.tell_held()

    assert [answer.status_code for answer in answers] == [401] * 20 + [200, 401]
    assert len(place.kept.records) == 5 + 1 + 1
    assert [one["number"] for one in place.audited if one["event"] == "calls_not_kept"] == [15]


FORWARDED = [f"6.6.6.{i}" for i in range(20)]
BRAKED = {
    "a stranger, no proxy is trusted": ("", FORWARDED, 5),
    "a proxy that is not ours": ("10.0.0.1", FORWARDED, 5),
    "our proxy, one caller who writes twenty others": (
        "127.0.0.1",
        [f"{one}, 9.9.9.9" for one in FORWARDED],
        5,
    ),
    "our proxy, one IPv6 customer": ("127.0.0.1", [f"2001:db8::{i}" for i in range(20)], 5),
    "our proxy, twenty callers": ("127.0.0.1", FORWARDED, 20),
}


@pytest.mark.parametrize(("trusted", "told", "kept"), BRAKED.values(), ids=BRAKED.keys())
def test_no_forwarded_for_escapes_the_brake(tmp_path: Path, trusted: str, told: list[str], kept: int) -> None:
    place = Place(tmp_path, trusted=trusted, callers=Brake(rate=0, burst=5))
    forged = [sent(Provider.SEPAY, number=i, secret=Secret("x")) for i in range(1, 21)]
    place.send(
        *(
            replace(one, headers=one.headers | {"x-forwarded-for": way})
            for one, way in zip(forged, told, strict=True)
        )
    )
    place.verifier.tell_held()

    assert len(place.kept.records) == kept
    assert sum(one["number"] for one in place.audited if one["event"] == "calls_not_kept") == 20 - kept


def test_the_flood_of_one_caller_leaves_room_for_another(tmp_path: Path) -> None:
    place = Place(
        tmp_path, trusted="127.0.0.1", brake=Brake(rate=0, burst=10), callers=Brake(rate=0, burst=5)
    )
    flood = [sent(Provider.SEPAY, number=i, secret=Secret("x")) for i in range(1, 50)]
    other = sent(Provider.SEPAY, number=77, secret=Secret("x"))
    place.send(*flood, replace(other, headers=other.headers | {"x-forwarded-for": "203.0.113.7"}))

    assert len(place.kept.records) == 6


def test_what_a_provider_signed_passes_every_brake(tmp_path: Path) -> None:
    shut = {"brake": Brake(rate=0, burst=0), "callers": Brake(rate=0, burst=0)}
    place = Place(tmp_path, **shut)
    answers = place.send(
        sent(Provider.SEPAY, secret=Secret("x")),
        sent(Provider.SEPAY, account="190000999999"),
        sent(Provider.SEPAY, what=What.REFUND, content="Luong"),
    )

    assert [answer.status_code for answer in answers] == [401, 404, 200]
    assert [value.reason for value in place.kept.values if isinstance(value, RefusedRequest)] == [
        Reason.UNKNOWN_MERCHANT,
        Reason.WRONG_AMOUNT,
    ]


def test_a_signed_refusal_that_is_repeated_is_kept_once(place: Place) -> None:
    answers = place.send(*[sent(Provider.SEPAY, account="190000999999")] * 3)

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len(place.kept.records) == 1


def test_a_forgery_of_the_same_bytes_hides_no_signed_refusal(place: Place) -> None:
    right = sent(Provider.SEPAY, account="190000999999")
    forged = replace(right, headers=right.headers | {sepay.SIGNATURE: "sha256=" + "0" * 64})
    place.send(forged, right)

    assert [value.reason for value in place.kept.values if isinstance(value, RefusedRequest)] == [
        Reason.WRONG_SIGNATURE,
        Reason.UNKNOWN_MERCHANT,
    ]


def test_the_brake_forgets_the_caller_that_was_longest_still() -> None:
    brake = Brake(rate=0, burst=1, most=2)

    assert [brake.free(one, 0) for one in "abbcab"] == [True, True, False, True, True, True]


@every
def test_a_slash_behind_the_address_changes_nothing(place: Place, provider: Provider) -> None:
    one = sent(provider)
    path, mark, rest = one.path.partition("?")
    (answer,) = place.send(replace(one, path=f"{path}/{mark}{rest}"))

    assert succeeded(answer)
    assert [type(value) for value in place.kept.values] == [PaymentEvent]


@every
def test_the_same_event_with_another_amount_is_kept_too(place: Place, provider: Provider) -> None:
    answers = place.send(
        sent(provider), sent(provider, amount_vnd=28_000), sent(provider, amount_vnd=28_000), sent(provider)
    )
    kept = [value for value in place.kept.values if isinstance(value, PaymentEvent)]

    assert all(succeeded(answer) for answer in answers)
    assert [one.amount_vnd for one in kept] == [27_000, 28_000]
    assert len({one.event for one in kept}) == 1


def test_uvicorn_does_not_put_a_header_in_the_place_of_the_callers_address() -> None:
    assert application.server(Starlette(), 0).config.proxy_headers is False


def test_the_memory_of_events_is_bounded_and_forgets_after_hours() -> None:
    seen = RecentEvents(most=2, remembered=timedelta(hours=1))
    for name in "abc":
        seen.remember(name, NOW)

    assert [seen.known(one, NOW) for one in "abc"] == [False, True, True]
    assert not seen.known("c", NOW + timedelta(hours=2))


def test_viettels_question_is_answered_and_kept_nowhere(place: Place) -> None:
    (answer,) = place.send(question("RAC", ACCOUNT, "ORD1", 27_000, SECRETS[Provider.VIETTEL]))

    assert answer.json()["trans_amount"] == "27000"
    assert place.kept.records == []


def test_secrets_are_made_once_for_the_owner_only(tmp_path: Path) -> None:
    secret_files.provision(tmp_path)
    made = secret_files.load(tmp_path)
    secret_files.provision(tmp_path)

    assert secret_files.load(tmp_path) == made
    assert set(made) == set(Provider)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("text", ["", "{}", '{"key":""}', '{"key":"a","colour":"red"}', "{"])
def test_a_wrong_secret_file_is_named_without_its_content(tmp_path: Path, text: str) -> None:
    (tmp_path / "payments_payos").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="payments_payos") as why:
        secret_files.load(tmp_path)

    assert "red" not in str(why.value)


def test_a_bare_key_is_a_secret_file(tmp_path: Path) -> None:
    (tmp_path / "payments_sepay").write_text("abc\n", encoding="utf-8")

    assert secret_files.load(tmp_path) == {Provider.SEPAY: Secret("abc")}


def test_the_document_that_is_served_is_the_committed_one(place: Place) -> None:
    (answer,) = place.send(Webhook("GET", "/openapi.json"))
    committed = ROOT / "infra" / "run" / "contracts" / "payments.openapi.yaml"

    assert answer.json() == yaml.safe_load(committed.read_text(encoding="utf-8"))


def test_another_method_and_another_path_are_nobodys(place: Place) -> None:
    answers = place.send(
        Webhook("GET", "/payments/sepay"),
        Webhook("POST", "/payments/vnpay"),
        Webhook("GET", "/payments/nobody"),
    )

    assert [answer.status_code for answer in answers] == [405, 405, 404]
    assert place.kept.records == []


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("fuzzed"))


EXAMPLES = 40
CONFORMS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def _as_made(case: schemathesis.Case) -> Webhook:
    """The request that schemathesis would send; its own pytest plugin and transport know no pytest 9."""
    made = requests.Request(**case.as_transport_kwargs(base_url="http://endpoint")).prepare()
    body = made.body.encode() if isinstance(made.body, str) else made.body or b""
    headers = {
        name: value if isinstance(value, str) else value.decode() for name, value in made.headers.items()
    }
    return Webhook(made.method or "", made.path_url, headers, body)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.path)
def test_whatever_comes_is_answered_as_the_document_says(
    fuzzed: Place, endpoint: Endpoint, mode: GenerationMode
) -> None:
    """Fuzzed from our own document, the same examples each time; none is signed, so no money is booked."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", fuzzed.app)

    @given(case=schema[endpoint.path][endpoint.method].as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def answered(case: schemathesis.Case) -> None:
        (answer,) = fuzzed.send(_as_made(case))
        case.validate_response(answer, checks=CONFORMS)

    before = len(fuzzed.kept.records)
    answered()
    assert all(isinstance(value, RefusedRequest) for value in fuzzed.kept.values[before:])


def test_whatever_sepay_signs_becomes_whole_dong_or_a_refusal(fuzzed: Place) -> None:
    """The same with a right signature, so that what is behind it is reached."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", fuzzed.app)
    endpoint, secret, stamp = "/payments/sepay", SECRETS[Provider.SEPAY], str(int(NOW.timestamp()))

    @given(
        case=schema[endpoint]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE), ours=st.booleans()
    )
    @settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def answered(case: schemathesis.Case, *, ours: bool) -> None:
        if ours and isinstance(case.body, dict):
            case.body |= {"accountNumber": ACCOUNT, "transactionDate": "2026-10-12 14:05:00"}
        one = _as_made(case)
        headers = one.headers | {sepay.TIMESTAMP: stamp, sepay.SIGNATURE: sepay.sign(stamp, one.body, secret)}
        (answer,) = fuzzed.send(Webhook("POST", endpoint, headers, one.body))
        case.validate_response(answer, checks=CONFORMS)

    answered()
    booked = [value for value in fuzzed.kept.values if isinstance(value, PaymentEvent)]
    assert booked
    assert all(one.merchant == "ve-sinh" and one.source == "sepay" for one in booked)
