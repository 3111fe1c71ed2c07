"""What people write back, at the door: through the real HTTP of the simulated services, or refused with words and bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote_plus, urlencode

import httpx
import pytest

from connectors.clock import system
from connectors.replies import Numbers, written
from connectors.settings import Settings
from connectors.sms import replies as sms
from connectors.ways import open_receipts, open_replies
from connectors.webhook.server import MAX_BYTES, Refusal, _kept, application
from models.alerting.incoming import LONGEST, Incoming, incoming
from models.alerting.receipt import Receipt
from models.catalogue.channels import CHANNELS, Channel
from models.envelope.rejected import Reason
from tests.gateways import gateway, own_settings, serving

HEARD = (Channel.SMS, Channel.ZALO)
WHO = "head-la-van-ha"
NOON = datetime(2026, 10, 12, 5, 0, tzinfo=UTC)


class Place(NamedTuple):
    """The endpoint beside the simulated services; Kafka and the store are lists."""

    settings: Settings
    gateway: str
    endpoint: str
    brought: list[Receipt | Incoming]
    kept: list[tuple[str, bytes, Refusal]]

    def answer(self, channel: str, text: str, contact: str = WHO, **more: str) -> httpx.Response:
        """A person writes."""
        said = {"contact": contact, "channel": channel, "text": text, **more}
        return httpx.post(f"{self.gateway}/_answer", json=said, timeout=60)

    @property
    def account(self) -> dict[str, Any]:
        """Of eSMS."""
        found: dict[str, Any] = json.loads(
            (self.settings.secrets_dir / "esms.json").read_text(encoding="utf-8")
        )
        return found


@contextmanager
def standing(folder: Path) -> Iterator[Place]:
    settings = own_settings(folder)
    brought: list[Receipt | Incoming] = []
    kept: list[tuple[str, bytes, Refusal]] = []

    async def take(found: Sequence[Receipt | Incoming]) -> None:
        brought.extend(found)

    async def keep(name: str, body: bytes, why: Refusal) -> None:
        kept.append((name, body, why))

    routes = [*open_receipts(settings), *open_replies(settings)]
    app = application(routes, take, keep)
    with gateway(settings) as address, serving(app, settings.receipts_port) as endpoint:
        yield Place(settings, address, endpoint, brought, kept)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One place for this module's tests."""
    with standing(tmp_path_factory.mktemp("replies")) as place:
        yield place


@pytest.fixture
def place(at: Place) -> Place:
    """The place with empty lists."""
    at.brought.clear()
    at.kept.clear()
    return at


@pytest.mark.parametrize("channel", HEARD)
def test_what_a_person_writes_comes_with_who_it_is_and_without_a_number(
    place: Place, channel: Channel
) -> None:
    before = system()
    assert place.answer(channel, "12\n1", id="abc1").status_code == 200

    (found,) = place.brought
    assert isinstance(found, Incoming)
    assert (found.source, found.key, found.contact) == (channel, f"{channel}:abc1", WHO)
    assert found.text.removeprefix("PHUSA ") == "12 1"
    assert timedelta(0) <= found.at - before + timedelta(seconds=1)
    phones = json.loads((place.settings.secrets_dir / "contacts.json").read_text(encoding="utf-8"))
    assert phones[WHO] not in repr(found)
    assert place.kept == []


@pytest.mark.parametrize("channel", HEARD)
def test_a_stranger_is_nobody_and_the_words_are_left_out(place: Place, channel: Channel) -> None:
    assert place.answer(channel, "bán đất", contact="").status_code == 200

    (found,) = place.brought
    assert isinstance(found, Incoming)
    assert (found.contact, found.text) == ("", "")


@pytest.mark.parametrize("channel", HEARD)
def test_a_text_is_cut_and_freed_of_what_no_store_takes(place: Place, channel: Channel) -> None:
    place.answer(channel, "giúp\x00\x1b[31m " * 60)

    (found,) = place.brought
    assert isinstance(found, Incoming)
    assert len(found.text) == LONGEST
    assert found.text.isprintable()


def test_a_number_within_the_words_is_left_out() -> None:
    assert [
        incoming("sms", "1", "an", text, NOON).text
        for text in ("12 1 goi 0900000001", "goi 0900 000 001 nhe", "84 1", "nuoc len 1200000000 mm")
    ] == ["12 1 goi x", "goi x nhe", "84 1", "nuoc len 1200000000 mm"]


@pytest.mark.parametrize(
    "number",
    [
        "０９０００００００１",
        "0084 900 000 001",
        "0900–000–001",
        "0900/000/001",
        "0900_000_001",
        "0900 - 000 - 001",
    ],
)
def test_a_number_is_left_out_however_it_is_written(number: str) -> None:
    assert incoming("sms", "1", "an", f"12 1 gọi {number} nhé", NOON).text == "12 1 gọi x nhé"


@pytest.mark.parametrize(
    "number",
    [
        "0900000001",
        "0900 000 001",
        "(0900) 000-001",
        "+84 900 000 001",
        "0084900000001",
        "0900\u00a0000\u00a0001",
        "900000001",
        "０９０００００００１",
    ],
)
def test_of_a_forged_call_no_number_is_kept_wherever_it_stands(number: str) -> None:
    why = Refusal(Reason.WRONG_SIGNATURE, "sai", "wrong")
    text = {"content": f"12 1 {number} nhé", "receiverTime": "1764230000123"}

    for kept in (
        _kept(b"", text, why),
        _kept(urlencode(text, quote_via=quote).encode(), {}, why),
        _kept(json.dumps(text, ensure_ascii=False).encode(), {}, why),
        _kept(json.dumps(text).replace("\\u00a0", " ").encode(), {}, why),
    ):
        assert b"000" not in kept.replace(b"1764230000123", b"")
        assert b"1764230000123" in kept
        assert not re.search("[０-９]", unquote_plus(kept.decode()))


def test_zalo_users_are_known_by_the_ids_that_the_commune_wrote_down(tmp_path: Path) -> None:
    with standing(tmp_path) as place:
        users = tmp_path / "secrets" / "zalo_users.json"
        users.write_text(json.dumps({WHO: "6142494823"}), encoding="utf-8")
    settings, brought = place.settings, place.brought
    app = application(open_receipts(settings), _into(brought), _never)
    with gateway(settings) as address, serving(app, settings.receipts_port):
        httpx.post(f"{address}/_answer", json={"contact": WHO, "channel": "zalo", "text": "1"}, timeout=60)

    assert [one.contact for one in brought if isinstance(one, Incoming)] == [WHO]


def _into(brought: list[Receipt | Incoming]) -> Any:
    async def take(found: Sequence[Receipt | Incoming]) -> None:
        brought.extend(found)

    return take


async def _never(_name: str, _body: bytes, why: Refusal) -> None:
    raise AssertionError(why)


# Forged and broken calls.


def mo(place: Place, **changed: str) -> httpx.Response:
    """A call of eSMS, signed unless `sign` is given."""
    account = place.account
    query = {
        "sender": "84900000001",
        "content": "PHUSA 12 1",
        "cpid": account["cpid"],
        "smsid": "m1",
        "receiverTime": "20261012141000",
    }
    query |= changed
    query = {"sign": sms.sign(query, account["private_key"])} | query
    return httpx.get(account["reply_url"], params=query, timeout=60)


FORGED_MO = {
    "a wrong signature": {"sign": "0" * 32},
    "no signature": {"sign": ""},
    "another account": {"cpid": "1"},
}


@pytest.mark.parametrize("changed", FORGED_MO.values(), ids=FORGED_MO.keys())
def test_a_forged_message_is_refused_and_kept_without_its_number(
    place: Place, changed: dict[str, str]
) -> None:
    assert mo(place, **changed).status_code == 401

    ((name, body, why),) = place.kept
    assert (name, why.reason) == ("esms-replies", Reason.WRONG_SIGNATURE)
    assert b"PHUSA" in body
    assert b"900000001" not in body
    assert place.brought == []


def test_a_signature_holds_what_was_written(place: Place) -> None:
    account = place.account
    query = {"cpid": account["cpid"], "smsid": "m1", "content": "12 1", "receiverTime": "20261012141000"}
    signed = sms.sign(query, account["private_key"])

    assert mo(place, content="12 2", sign=signed).status_code == 401
    assert signed == hashlib.md5(f"{account['cpid']}m112 120261012141000{account['private_key']}".encode(), usedforsecurity=False).hexdigest()  # fmt: skip


@pytest.mark.parametrize("smsid", ["", "m\x00", "x" * 101, "số"])
def test_a_message_without_an_id_is_refused_by_name(place: Place, smsid: str) -> None:
    answer = mo(place, smsid=smsid)

    assert (answer.status_code, "smsid" in answer.text) == (400, True)
    assert place.brought == []


def zalo(place: Place, event: dict[str, Any], *, secret: str | None = None) -> httpx.Response:
    """An event of Zalo, signed with the account's secret unless another is given."""
    own = json.loads((place.settings.secrets_dir / "zalo.json").read_text(encoding="utf-8"))
    body = json.dumps({"event_name": "user_send_text", "timestamp": "1760252700000", **event}).encode()
    signing = own["oa_secret"] if secret is None else secret
    mac = hashlib.sha256(
        own["app_id"].encode() + body + (event.get("timestamp", "1760252700000") + signing).encode()
    ).hexdigest()
    return httpx.post(
        f"{place.endpoint}/receipts/zalo",
        content=body,
        headers={"x-zevent-signature": f"mac={mac}"},
        timeout=60,
    )


def test_a_forged_text_of_zalo_is_refused_and_kept_without_its_number(place: Place) -> None:
    forged = {"sender": {"id": "84900000001"}, "message": {"msg_id": "m1", "text": "12 1"}}
    assert zalo(place, forged, secret="guessed").status_code == 401

    ((name, body, why),) = place.kept
    assert (name, why.reason) == ("zalo", Reason.WRONG_SIGNATURE)
    assert b'"m1"' in body
    assert b"1760252700000" in body, "a time is no number"
    assert b"900000001" not in body
    assert place.brought == []


BROKEN = {
    "no sender": {"message": {"msg_id": "m1", "text": "1"}},
    "no id": {"sender": {"id": "1"}, "message": {"msg_id": "", "text": "1"}},
    "an id with a NUL": {"sender": {"id": "1"}, "message": {"msg_id": "m\x00", "text": "1"}},
    "a text that is none": {"sender": {"id": "1"}, "message": {"msg_id": "m1", "text": 5}},
    "a time that is none": {"sender": {"id": "1"}, "message": {"msg_id": "m1", "text": "1"}, "timestamp": "soon"},
    "a time of no calendar": {"sender": {"id": "1"}, "message": {"msg_id": "m1", "text": "1"}, "timestamp": "9" * 20},
}  # fmt: skip


@pytest.mark.parametrize("event", BROKEN.values(), ids=BROKEN.keys())
def test_a_text_that_breaks_the_contract_is_refused_by_name(place: Place, event: dict[str, Any]) -> None:
    answer = zalo(place, event)

    assert answer.status_code == 400
    assert [name for name, _body, _why in place.kept] == ["zalo"]
    assert place.brought == []


def test_other_events_of_people_bring_nothing(place: Place) -> None:
    event = {"event_name": "user_send_image", "sender": {"id": "1"}, "message": {"msg_id": "m1"}}

    assert zalo(place, event).status_code == 200
    assert place.brought == []
    assert place.kept == []


def test_a_call_that_is_too_big_is_refused(place: Place) -> None:
    answer = httpx.post(f"{place.endpoint}/receipts/zalo", content=b"x" * (MAX_BYTES + 1), timeout=60)

    assert answer.status_code == 413
    assert [why.reason for _name, _body, why in place.kept] == [Reason.TOO_BIG]


def test_an_account_without_a_short_number_has_no_way_in(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    account = json.loads((tmp_path / "secrets" / "esms.json").read_text(encoding="utf-8"))
    del account["private_key"]
    (tmp_path / "secrets" / "esms.json").write_text(json.dumps(account), encoding="utf-8")

    assert open_replies(settings) == []


def test_a_number_is_its_contacts_however_the_service_writes_it(tmp_path: Path) -> None:
    (tmp_path / "contacts.json").write_text(
        json.dumps({"an": "0900.000.001", "binh": "0900000001"}), encoding="utf-8"
    )
    numbers = Numbers(tmp_path)

    assert [numbers.contact(one) for one in ("84900000001", "+84 900 000 001", "0900000001")] == ["an"] * 3
    assert [numbers.contact(one) for one in ("84900000002", "", "8041", "an")] == [""] * 4


def test_an_answer_is_as_old_as_it_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the platform's clock, whatever it shows; what comes from the future is of now."""
    monkeypatch.setattr("connectors.clock.system", lambda: NOON)
    shown = datetime(2020, 10, 12, tzinfo=UTC)

    assert written(NOON - timedelta(minutes=5), lambda: shown) == shown - timedelta(minutes=5)
    assert written(NOON + timedelta(minutes=5), lambda: shown) == shown


def test_the_page_of_the_phones_lets_people_answer(place: Place) -> None:
    page = httpx.get(place.gateway, timeout=60).text
    form = {"contact": WHO, "channel": "sms", "text": "12 1"}

    assert 'action="/_answer"' in page
    assert all(f'value="{channel}">{CHANNELS[channel].vi}</button>' in page for channel in HEARD)
    assert httpx.post(f"{place.gateway}/_answer", data=form, timeout=60).status_code == 303
    assert [one.contact for one in place.brought if isinstance(one, Incoming)] == [WHO]
    assert httpx.post(f"{place.gateway}/_answer", json={"contact": WHO}, timeout=60).status_code == 400
