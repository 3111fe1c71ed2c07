"""The local gateway: secrets that stay, a page with phones, receipts on their way back."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors import commune as files
from infra.run.stack import credentials
from models.alerting.codes import FIELD
from tests.gateways import HANG_S, eventually, faults, gateway, messages, own_settings, serving
from tests.senders import order, send


def test_secrets_that_stand_are_never_touched(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    (settings.secrets_dir / "esms.json").write_text("real", encoding="utf-8")
    credentials.provision(settings, files.load(settings.commune))

    assert (settings.secrets_dir / "esms.json").read_text(encoding="utf-8") == "real"


def test_secrets_are_for_the_owner_only_and_numbers_are_unreal(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)

    assert all(path.stat().st_mode & 0o077 == 0 for path in settings.secrets_dir.iterdir())
    phones = json.loads((settings.secrets_dir / "contacts.json").read_text(encoding="utf-8")).values()
    assert all(phone.startswith("84000") for phone in phones)


def test_the_page_shows_each_person_the_messages_and_no_whole_number(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    with gateway(settings) as address:
        send(settings, "sms", order(settings))
        send(settings, "zalo", order(settings, key="b" * 40))
        page = httpx.get(address, timeout=HANG_S).text
    phones = json.loads((settings.secrets_dir / "contacts.json").read_text(encoding="utf-8")).values()

    assert "CANH BAO LU" in page
    assert "Kê cao đồ" in page
    assert "2 tin nhắn" in page
    assert not any(phone in page or phone[2:] in page for phone in phones)


def test_a_script_reads_the_code_that_a_button_answers_with(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    with gateway(settings) as address:
        made = order(settings, key="c" * 40)
        send(
            settings, "zalo", msgspec.structs.replace(made, template_data=made.template_data | {FIELD: "12"})
        )
        send(settings, "sms", made)
        found = messages(address)

    assert [(one["channel"], one["code"]) for one in found] == [("zalo", "12"), ("sms", "")]


def test_receipts_come_and_come_again_until_they_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Four calls and no more, however late an answer is.
    monkeypatch.setattr("infra.rehearsal.gateway.receipts.WITHIN_S", HANG_S)
    settings = own_settings(tmp_path)
    calls: list[str] = []

    async def take(request: Request) -> Response:
        calls.append(request.url.path)
        return PlainTextResponse("later", 503 if len(calls) <= 2 else 200)

    app = Starlette(routes=[Route("/receipts/{rest:path}", take, methods=["GET", "POST"])])
    with serving(app, settings.receipts_port), gateway(settings) as address:
        faults(address, receipt_delay_s=0.0)
        send(settings, "sms", order(settings))
        send(settings, "zalo", order(settings, key="b" * 40))
        eventually(
            lambda: all(one["delivered"] for one in httpx.get(f"{address}/_messages", timeout=HANG_S).json())
        )

    assert len(calls) == 4
    assert "/receipts/zalo" in calls


def test_a_gateway_that_was_killed_remembers_its_keys(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    for _ in range(2):
        with gateway(settings) as address:
            send(settings, "sms", order(settings))
            found = httpx.get(f"{address}/_messages", timeout=HANG_S).json()

    assert [one["calls"] for one in found] == [2]
