"""What the tests of the senders share: orders, and how they are sent."""

from __future__ import annotations

import asyncio
import json
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.settings import Settings
from connectors.ways import way
from models.alerting.sending import Answer, Order, Sent
from models.catalogue.channels import Channel
from tests.gateways import serving

EVERY = "*"
"""All fields of a secret file."""


class Documented(NamedTuple):
    """What a service documents and one contract tests.

    `codes` of its answers; those that are no refusal; a code that nobody documents; an answer that has taken the message and
    names no id, None where it is not asked over HTTP. `hidden`: what no log may show, (secret file, field). `carries_key`: our
    key goes with the message. `tells`: it names its id, and tells a refusal and an answer that was lost from a gateway that was not
    reached.
    """

    codes: tuple[str | int, ...]
    answers: dict[str | int, Answer]
    unknown: str | int
    without_id: dict[str, object] | None
    hidden: tuple[tuple[str, str], ...]
    carries_key: bool = True
    tells: bool = True


DOCUMENTED = {
    Channel.SMS: Documented(
        (
            "99",
            "101",
            "103",
            "104",
            "108",
            "118",
            "119",
            "124",
            "140",
            "146",
            "177",
            "300",
            "687",
            "789",
            "799",
        ),
        {"99": Answer.RETRY, "124": Answer.SENT}
        | dict.fromkeys(("101", "103", "104", "140"), Answer.STOPPED),
        "555",
        {"CodeResult": 100},
        (("esms.json", "api_key"), ("esms.json", "secret_key"), ("esms.json", "callback_url")),
    ),
    # The codes of its tokens have a rule of their own.
    Channel.ZALO: Documented(
        (
            *(-100, -32, -211),
            *(-144, -147, -1441, -1471, -1472),
            *(-133, -234),
            *(-115, -136, -137, -320, -321),
            *(-108, -114, -118, -119, -139, -140, -141, -213, -227, -230),
            *(-109, -111, -112, -113, -1121, -1122, -1123, -1124, -117, -127, -131, -132, -146),
            *(-101, -102, -103, -104, -105, -106, -107, -120, -121, -122, -125, -126, -135, -1351),
            *(-219, -224, -240, -241, -242),
        ),
        dict.fromkeys((-100, -32, -211), Answer.RETRY)
        | dict.fromkeys(
            (-144, -147, -1441, -1471, -1472, -133, -234, -115, -136, -137, -320, -321), Answer.STOPPED
        )
        | dict.fromkeys(
            (*range(-107, -100), -120, -121, -122, -125, -126, -135, -1351, -219, -224, -240, -241, -242),
            Answer.STOPPED,
        ),
        -999,
        {"error": 0, "data": []},
        (
            *(("zalo.json", one) for one in ("app_secret", "oa_secret")),
            *(("zalo_token.json", one) for one in ("access_token", "refresh_token")),
        ),
    ),
    Channel.SPEEDSMS: Documented(
        ("007", "008", "009", "101", "105", "110", "113", "300", "500"),
        {"500": Answer.RETRY} | dict.fromkeys(("007", "008", "009", "300"), Answer.STOPPED),
        "555",
        {"status": "success", "code": "00", "data": []},
        (("speedsms.json", "token"), ("speedsms.json", "callback_url")),
        carries_key=False,
    ),
    # They come with a status of HTTP that is no success, as JSON.
    Channel.TWILIO: Documented(
        (
            *("20003", "20404", "21211", "21212", "21408", "21602", "21604", "21606", "21608"),
            *("21610", "21612", "21614", "21617", "21660", "21703", "30001", "30002"),
        ),
        {"30001": Answer.RETRY}
        | dict.fromkeys(
            ("20003", "20404", "21212", "21408", "21606", "21660", "21703", "30002"), Answer.STOPPED
        ),
        "55555",
        {"status": "queued"},
        (("twilio.json", "auth_token"),),
    ),
    # Words of our own contract, connectors/hook/sender.py.
    Channel.HOOK: Documented(
        ("later", "refused"),
        {"later": Answer.RETRY},
        "perhaps",
        {"status": "taken"},
        (("hook.json", "key"),),
    ),
    # RFC 5321, 4.2.3, and of RFC 4954 what a login is answered.
    Channel.MAIL: Documented(
        (
            *("421", "450", "451", "452", "455"),
            *("500", "501", "502", "503", "504", "521", "530", "534", "535", "538"),
            *("541", "550", "551", "552", "553", "554", "555", "556"),
        ),
        dict.fromkeys(("421", "450", "451", "452", "455"), Answer.RETRY)
        | dict.fromkeys(("530", "534", "535", "538"), Answer.STOPPED),
        "599",
        None,
        (("mail.json", "password"),),
    ),
    # The library keeps the network's codes to itself.
    Channel.MODEM: Documented((), {}, "", None, (), carries_key=False),
    # It says yes or no, and nothing else.
    Channel.APPRISE: Documented((), {}, "", None, (("apprise.json", EVERY),), carries_key=False, tells=False),
}
"""One row a channel."""
DATA = {"tram": "Phú Ốc", "muc": "BĐ2", "viec_can_lam": "Kê cao đồ"}


def over_http(channel: Channel) -> bool:
    """Whether the service answers in JSON over HTTP."""
    return DOCUMENTED[channel].without_id is not None


def contact(settings: Settings) -> str:
    return str(next(iter(json.loads((settings.secrets_dir / "contacts.json").read_text(encoding="utf-8")))))


def tokens(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = json.loads((settings.secrets_dir / "zalo_token.json").read_text(encoding="utf-8"))
    return found


def order(settings: Settings, **changed: str) -> Order:
    fields = {"key": "a" * 40, "contact": contact(settings), "template_id": "river_rise"} | changed
    return Order(fields["key"], fields["contact"], "CANH BAO LU", fields["template_id"], DATA)


def send(settings: Settings, channel: Channel | str, *orders: Order) -> list[Sent]:
    async def all_of_them() -> list[Sent]:
        sender = way(Channel(channel)).open_sender(settings)
        try:
            return [await sender.send(order) for order in orders]
        finally:
            await sender.close()

    return asyncio.run(all_of_them())


def send_to(settings: Settings, channel: Channel | str, *answers: Response) -> list[Sent]:
    """Send as many messages to a gateway that gives these answers in turn, whatever it is asked."""
    left = list(answers)

    async def say(_request: Request) -> Response:
        return left.pop(0)

    app = Starlette(routes=[Route("/{rest:path}", say, methods=["POST"])])
    with serving(app, settings.gateway_port):
        return send(settings, channel, *(order(settings) for _ in answers))
