"""The way `twilio`: SMS from abroad, told of receipts by a signed POST."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.twilio.callback import parser
from connectors.twilio.sender import account_of, open_sender
from connectors.ways import Receipts, Way

if TYPE_CHECKING:
    from connectors.settings import Settings


def _receipts(settings: Settings) -> Receipts:
    account = account_of(settings)
    return Receipts("twilio", urlsplit(account.callback_url).path, parser(account))


WAY = Way(open_sender, _receipts)
