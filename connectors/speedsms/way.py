"""The way `speedsms`: by SpeedSMS, told of receipts at the secret path in speedsms.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.speedsms.callback import parser, path
from connectors.speedsms.sender import open_sender
from connectors.ways import Receipts, Way

if TYPE_CHECKING:
    from connectors.settings import Settings


def _receipts(settings: Settings) -> Receipts:
    return Receipts("speedsms", path(settings), parser(settings))


WAY = Way(open_sender, _receipts)
