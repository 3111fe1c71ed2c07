"""The way `zalo`: template messages, a signed webhook, an access token that ends."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from connectors import http
from connectors.ways import Credential, Receipts, Way
from connectors.zalo.callback import parser
from connectors.zalo.client import open_sender

if TYPE_CHECKING:
    from connectors.settings import Settings

TOKEN_FILE = "zalo_token.json"  # noqa: S105 (a file's name)


def _receipts(settings: Settings) -> Receipts:
    return Receipts("zalo", "/receipts/zalo", parser(settings))


def _ends(settings: Settings) -> datetime | None:
    """When the access token ends, which the sender renews by itself before; None where no token can be read."""
    try:
        written = http.secret(settings.secrets_dir / TOKEN_FILE).get("expires_at")
        return datetime.fromisoformat(written) if isinstance(written, str) else None
    except (OSError, ValueError):
        return None


WAY = Way(
    open_sender,
    _receipts,
    Credential(
        _ends,
        TOKEN_FILE,
        f"đăng nhập lại OA, ghi var/secrets/{TOKEN_FILE} (sổ tay, mục 3); SMS vẫn đi",
        "sign in again and write it (runbook, section 3); SMS go on",
    ),
)
