"""Secrets for the local gateway and the payment providers: made once, unreal phone numbers, kept from then on."""

from __future__ import annotations

import json
import os
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connectors import clock
from connectors.payments import secret_files
from models.alerting.wording import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.settings import Settings
    from models.commune.configuration import Commune

FIRST_TEMPLATE = 300_001
TOKEN_LIFE = timedelta(hours=25)


def provision(settings: Settings, commune: Commune) -> None:
    """Write the secret files that are missing; those that stand, real ones too, are never touched."""
    folder = settings.secrets_dir
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    callbacks = f"http://127.0.0.1:{settings.receipts_port}/receipts"
    _make(
        folder / "esms.json",
        {
            "api_key": secrets.token_hex(16),
            "secret_key": secrets.token_hex(16),
            "brandname": "PhuSa",
            "callback_url": f"{callbacks}/esms/{secrets.token_urlsafe(16)}",
        },
    )
    _make(
        folder / "zalo.json",
        {
            "app_id": str(secrets.randbelow(10**15)),
            "app_secret": secrets.token_hex(16),
            "oa_id": str(secrets.randbelow(10**15)),
            "oa_secret": secrets.token_hex(16),
            "templates": {name: str(FIRST_TEMPLATE + i) for i, name in enumerate(TEMPLATES)},
        },
    )
    token = {
        "access_token": secrets.token_urlsafe(48),
        "refresh_token": secrets.token_urlsafe(48),
        "expires_at": (clock.system() + TOKEN_LIFE).isoformat(),
    }
    _make(folder / "zalo_token.json", token)
    secret_files.provision(folder)
    _make(folder / "contacts.json", {one.id: _unreal(i) for i, one in enumerate(commune.contacts)})


def _unreal(number: int) -> str:
    """No network of Vietnam has the prefix 000."""
    return f"84000{number:06d}"


def _make(path: Path, content: dict[str, Any]) -> None:
    if path.exists():
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
