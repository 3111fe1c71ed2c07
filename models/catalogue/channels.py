"""Ways to a phone (channels), one row a way; every other list of them in the house is derived from it.

What a way needs besides its row stands in `connectors/<code>/way.py` (how it sends, how it is told of receipts) and, for demo and
tests, in `infra/rehearsal/gateway/<code>.py` (the service's side, simulated). CONTRIBUTING.md has the recipe.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class Channel(enum.StrEnum):
    """A way to a phone; the code stands in contacts.yaml, in the outbox and in receipts."""

    ZALO = "zalo"
    SMS = "sms"
    SPEEDSMS = "speedsms"
    TWILIO = "twilio"
    HOOK = "hook"
    MAIL = "mail"
    APPRISE = "apprise"
    MODEM = "modem"


class Address(NamedTuple):
    """An address of the service: the setting PHUSA_<NAME>_URL, and what people call it."""

    name: str
    title: str

    @property
    def setting(self) -> str:
        """The environment variable."""
        return f"PHUSA_{self.name.upper()}_URL"


class ChannelRow(NamedTuple):
    """One way to a phone.

    `vi`, `en`: its name. `addresses`: of the service, the first is that of messages. `knows_key`: the service sends a repeated key
    once, so that a doubt may be asked again. `longest_key`: characters of a key that it takes, None: more than ours has.
    `rings_at_night`: the phone makes a sound also from 22:00 to 05:59. `colour` (sRGB) and `mark` (matplotlib's) in pictures.
    `per_min`: requests a minute that the service takes by its documents; None: they name none, the setting holds. `costs`: each message
    has its price.
    """

    code: Channel
    vi: str
    en: str
    addresses: tuple[Address, ...]
    knows_key: bool
    rings_at_night: bool
    colour: str
    mark: str
    longest_key: int | None = None
    per_min: int | None = None
    costs: bool = True


CHANNELS = {
    row.code: row
    for row in (
        ChannelRow(Channel.SMS, "SMS", "SMS", (Address("sms", "SMS (eSMS)"),), True, True, "#1b6e3c", "s"),
        ChannelRow(
            Channel.ZALO,
            "Zalo",
            "Zalo",
            (Address("zalo", "Zalo"), Address("zalo_oauth", "Zalo OAuth")),
            False,
            False,
            "#0b5cc4",
            "o",
            longest_key=48,
            per_min=4000,
        ),
        ChannelRow(
            Channel.SPEEDSMS,
            "SpeedSMS",
            "SpeedSMS",
            (Address("speedsms", "SMS (SpeedSMS)"),),
            False,
            True,
            "#4a7c1f",
            "P",
            per_min=60,
        ),
        ChannelRow(
            Channel.TWILIO,
            "Twilio",
            "Twilio",
            (Address("twilio", "SMS (Twilio)"),),
            False,
            True,
            "#b3202f",
            "X",
        ),
        ChannelRow(
            Channel.HOOK,
            "Webhook",
            "Webhook",
            (Address("hook", "Webhook"),),
            True,
            # The telephones behind it are the receiver's business; that it rings is not known.
            False,
            "#6a4c93",
            "*",
            costs=False,
        ),
        ChannelRow(
            Channel.MAIL,
            "E-mail",
            "E-mail",
            (Address("mail", "E-mail"),),
            False,
            False,
            "#8a5a00",
            "v",
            costs=False,
        ),
        ChannelRow(
            Channel.APPRISE,
            "Apprise",
            "Apprise",
            (Address("apprise", "Apprise (Telegram, …)"),),
            False,
            # Telegram and its like ring unless the phone is set to be silent, which nobody can know.
            True,
            "#00798c",
            "^",
            costs=False,
        ),
        ChannelRow(
            Channel.MODEM,
            "SMS modem",
            "SMS modem",
            (Address("modem", "Modem SMS"),),
            False,
            True,
            "#2f3e46",
            "d",
        ),
    )
}
"""The one list of ways to a phone."""


def channel_name(code: str) -> str:
    """The Vietnamese name of a way; the code itself where a newer version has written it.

    >>> channel_name("zalo"), channel_name("fax")
    ('Zalo', 'fax')
    """
    return CHANNELS[Channel(code)].vi if code in CHANNELS else code


def addresses() -> dict[str, Address]:
    """All addresses of all services, by name."""
    return {one.name: one for row in CHANNELS.values() for one in row.addresses}
