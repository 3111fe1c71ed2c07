"""What the gateways tell afterwards: parsed, or refused with words and bytes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path

import httpx
import psycopg
import pytest

from connectors.kafka.sink import DeliveryError
from connectors.settings import Settings
from connectors.sms import callback as esms
from connectors.webhook.server import MAX_BYTES, Refusal, application
from connectors.zalo.callback import parser, signed
from connectors.zalo.client import ZaloAccount
from models.alerting.receipt import Outcome, Receipt
from models.envelope.rejected import Reason
from tests.gateways import HANG_S, own_settings, serving

STATUS = {
    "pending": ({"SendStatus": "1"}, Outcome.PENDING),
    "handed to the network": ({"SendStatus": "7"}, Outcome.PENDING),
    "done": ({"SendStatus": "5", "SendSuccess": "1", "SendFailed": "0"}, Outcome.DELIVERED),
    "done, but it failed": ({"SendStatus": "5", "SendFailed": "1"}, Outcome.FAILED),
    "rejected": ({"SendStatus": "4"}, Outcome.FAILED),
}


@pytest.mark.parametrize(("query", "expected"), STATUS.values(), ids=STATUS.keys())
def test_an_sms_status_has_its_outcome(query: dict[str, str], expected: Outcome) -> None:
    (receipt,) = esms.parse(
        b"", {}, {"RequestId": "k", "SMSID": "9", "TotalPrice": "500", "phonenumber": "0"} | query
    )

    assert (receipt.key, receipt.message, receipt.outcome, receipt.price_vnd) == ("k", "9", expected, 500)


BAD = {
    "no key": ({"SendStatus": "5"}, "RequestId"),
    "a key with a NUL": ({"RequestId": "k\0", "SendStatus": "5"}, "RequestId"),
    "a status nobody documented": ({"RequestId": "k", "SendStatus": "6"}, "'6'"),
    "a price that no row holds": (
        {"RequestId": "k", "SendStatus": "5", "TotalPrice": "3000000000"},
        "TotalPrice",
    ),
    "a price that is none": ({"RequestId": "k", "SendStatus": "5", "TotalPrice": "free"}, "TotalPrice"),
}


@pytest.mark.parametrize(("query", "named"), BAD.values(), ids=BAD.keys())
def test_a_call_that_is_no_receipt_is_refused_by_its_field(query: dict[str, str], named: str) -> None:
    with pytest.raises(Refusal, match=named):
        esms.parse(b"", {}, query)


def test_the_signature_is_that_of_the_documents() -> None:
    """The vector: app 1, secret oasecret, a body without spaces."""
    body = b'{"app_id":"1","event_name":"user_received_message","timestamp":"1602560967477"}'
    account = ZaloAccount("1", "", "2", "oasecret", {})
    mac = "mac=540cf2b486bc2b20a41274a1f52f19d77b97563cdd9d0b34270dc8796e59cae8"

    assert signed(body, "1602560967477", mac, account)
    assert not signed(body + b" ", "1602560967477", mac, account)
    assert not signed(body, "1602560967477", "", account)


def event(settings: Settings, **message: str) -> tuple[bytes, dict[str, str]]:
    own = json.loads((settings.secrets_dir / "zalo.json").read_text(encoding="utf-8"))
    body = json.dumps({"event_name": "user_received_message", "timestamp": "1", "message": message}).encode()
    mac = hashlib.sha256(own["app_id"].encode() + body + b"1" + own["oa_secret"].encode()).hexdigest()
    return body, {"x-zevent-signature": f"mac={mac}"}


def test_a_zalo_receipt_carries_its_time_of_delivery(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    body, headers = event(settings, msg_id="m", tracking_id="k", delivery_time="1760252700000")
    (receipt,) = parser(settings)(body, headers, {})

    assert (receipt.key, receipt.outcome, receipt.at.timestamp()) == ("k", Outcome.DELIVERED, 1760252700)


def test_a_message_of_a_citizen_is_no_receipt(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)

    assert parser(settings)(*event(settings, msg_id="m"), {}) == []


def test_the_endpoint_answers_only_after_the_receipt_is_taken_and_keeps_what_is_wrong(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    taken: list[Receipt] = []
    kept: list[tuple[str, bytes, Reason]] = []

    away: list[Exception] = []

    async def take(receipts: list[Receipt]) -> None:
        await asyncio.sleep(0.05)
        if away:
            raise away[-1]
        taken.extend(receipts)

    async def keep(gateway: str, body: bytes, why: Refusal) -> None:
        kept.append((gateway, body, why.reason))

    app = application([("zalo", "/z", parser(settings)), ("esms", "/e", esms.parse)], take, keep)
    body, headers = event(settings, msg_id="m", tracking_id="k", delivery_time="1760252700000")
    with serving(app, settings.receipts_port) as address:
        assert httpx.post(f"{address}/z", content=body, headers=headers, timeout=HANG_S).status_code == 200
        assert len(taken) == 1
        assert httpx.post(f"{address}/z", content=body, timeout=HANG_S).status_code == 401
        assert httpx.post(f"{address}/z", content=b"{", timeout=HANG_S).status_code == 400
        assert httpx.post(f"{address}/z", content=b"x" * (MAX_BYTES + 1), timeout=HANG_S).status_code == 413
        query = {"SendStatus": "5", "phonenumber": "0999"}
        assert httpx.get(f"{address}/e", params=query, timeout=HANG_S).status_code == 400
        assert httpx.get(f"{address}/elsewhere", timeout=HANG_S).status_code == 404
        for one in (DeliveryError("receipts: no answer"), psycopg.OperationalError("gone")):
            away.append(one)
            answer = httpx.post(f"{address}/z", content=body, headers=headers, timeout=HANG_S)
            assert (answer.status_code, "gửi lại" in answer.text) == (503, True)

    assert len(taken) == 1
    assert [(one, reason) for one, _body, reason in kept] == [
        ("zalo", Reason.WRONG_SIGNATURE),
        ("zalo", Reason.NOT_JSON),
        ("zalo", Reason.TOO_BIG),
        ("esms", Reason.WRONG_TYPE),
    ]
    assert kept[0][1] == body
    assert kept[3][1] == b"SendStatus=5&phonenumber=x"
