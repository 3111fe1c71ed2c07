"""The way `sms`: by eSMS, told of receipts at the secret path in esms.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors import http
from connectors.sms import replies
from connectors.sms.callback import parse, path
from connectors.sms.esms import incoming, open_sender
from connectors.ways import Receipts, Way

if TYPE_CHECKING:
    from connectors.settings import Settings


def _receipts(settings: Settings) -> Receipts:
    return Receipts("esms", path(settings), parse)


def _replies(settings: Settings) -> Receipts | None:
    own = replies.path(http.secret(settings.secrets_dir / "esms.json"))
    return None if own is None else Receipts("esms-replies", own, replies.parser(settings))


WAY = Way(open_sender, _receipts, incoming=incoming, replies=_replies)
