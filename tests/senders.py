"""What the tests of the senders share: orders, and how they are sent."""

from __future__ import annotations

import asyncio
import json

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.settings import Settings
from connectors.sms import esms
from connectors.zalo import client as zalo
from models.alerting.sending import Order, Sent
from tests.gateways import serving

CHANNELS = {"sms": esms.open_sender, "zalo": zalo.open_sender}
DATA = {"tram": "Phú Ốc", "muc": "BĐ2", "viec_can_lam": "Kê cao đồ"}


def contact(settings: Settings) -> str:
    return str(next(iter(json.loads((settings.secrets_dir / "contacts.json").read_text(encoding="utf-8")))))


def tokens(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = json.loads((settings.secrets_dir / "zalo_token.json").read_text(encoding="utf-8"))
    return found


def order(settings: Settings, **changed: str) -> Order:
    fields = {"key": "a" * 40, "contact": contact(settings), "template_id": "river_rise"} | changed
    return Order(fields["key"], fields["contact"], "CANH BAO LU", fields["template_id"], DATA)


def send(settings: Settings, channel: str, *orders: Order) -> list[Sent]:
    async def all_of_them() -> list[Sent]:
        sender = CHANNELS[channel](settings)
        try:
            return [await sender.send(one) for one in orders]
        finally:
            await sender.close()

    return asyncio.run(all_of_them())


def send_to(settings: Settings, channel: str, *answers: Response) -> list[Sent]:
    """Send as many messages to a gateway that gives these answers in turn, whatever it is asked."""
    left = list(answers)

    async def say(_request: Request) -> Response:
        return left.pop(0)

    app = Starlette(routes=[Route("/{rest:path}", say, methods=["POST"])])
    with serving(app, settings.gateway_port):
        return send(settings, channel, *(order(settings) for _ in answers))
