"""The way `sms`: by eSMS, told of receipts at the secret path in esms.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.sms.callback import parse, path
from connectors.sms.esms import incoming, open_sender
from connectors.ways import Receipts, Way

if TYPE_CHECKING:
    from connectors.settings import Settings


def _receipts(settings: Settings) -> Receipts:
    return Receipts("esms", path(settings), parse)


WAY = Way(open_sender, _receipts, incoming=incoming)
