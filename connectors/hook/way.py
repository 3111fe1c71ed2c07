"""The way `hook`: signed calls to a service of the commune's own, which may tell receipts by calls signed with the same key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.hook.callback import parser
from connectors.hook.sender import open_sender
from connectors.hook.signing import key_of
from connectors.ways import Receipts, Way

if TYPE_CHECKING:
    from connectors.settings import Settings


def _receipts(settings: Settings) -> Receipts:
    return Receipts("hook", "/receipts/hook", parser(key_of(settings)))


WAY = Way(open_sender, _receipts)
