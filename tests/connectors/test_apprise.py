"""What is odd about Apprise: addresses instead of numbers, and Telegram as it really calls, at a server of this machine."""

from __future__ import annotations

import json
from typing import Any

import apprise
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.settings import Settings
from models.alerting.sending import Answer, Sent
from tests.gateways import messages, serving
from tests.senders import contact, order, send


def address_is(settings: Settings, url: str) -> None:
    file = settings.secrets_dir / "apprise.json"
    file.write_text(json.dumps({contact(settings): url}), encoding="utf-8")


def test_the_service_gets_the_long_text_with_accents(settings: Settings, address: str) -> None:
    send(settings, "apprise", order(settings))

    assert "Kê cao đồ" in messages(address)[0]["text"]


@pytest.mark.parametrize("url", ["", "tgram://", "nonsense", "carrier-pigeon://coop/7"])
def test_an_address_that_apprise_cannot_read_is_refused_by_the_contacts_name(
    settings: Settings, url: str
) -> None:
    address_is(settings, url)
    (sent,) = send(settings, "apprise", order(settings))

    assert (sent.answer, sent.code) == (Answer.REFUSED, "no-address")
    assert contact(settings) in sent.reason


def by_telegram(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, answer: Response
) -> tuple[Sent, list[tuple[str, dict[str, Any]]]]:
    """A message by Apprise's own Telegram to a server that gives this answer; what the server was asked."""
    asked: list[tuple[str, dict[str, Any]]] = []

    async def say(request: Request) -> Response:
        asked.append((request.url.path, await request.json()))
        return answer

    plugin = apprise.plugins.N_MGR["tgram"]
    app = Starlette(routes=[Route("/{rest:path}", say, methods=["POST"])])
    with serving(app, settings.gateway_port) as base:
        monkeypatch.setattr(plugin, "notify_url", f"{base}/bot")
        address_is(settings, "tgram://123456789:abcdefg_hijklmnop/987654321/?detect=no")
        (sent,) = send(settings, "apprise", order(settings))
    return sent, asked


def test_telegram_is_asked_for_the_chat_of_the_contact(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = JSONResponse({"ok": True, "result": {"message_id": 1}})
    sent, asked = by_telegram(settings, monkeypatch, taken)

    assert sent.answer is Answer.SENT
    ((path, body),) = asked
    assert path == "/bot123456789:abcdefg_hijklmnop/sendMessage"
    assert body["chat_id"] == 987654321
    assert "Kê cao đồ" in body["text"]


def test_what_telegram_refuses_is_asked_again_because_apprise_says_only_no(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = JSONResponse({"ok": False, "error_code": 403, "description": "bot was blocked"}, 403)
    sent, _ = by_telegram(settings, monkeypatch, refusal)

    assert (sent.answer, sent.code) == (Answer.RETRY, "no")
