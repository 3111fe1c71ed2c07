"""Secrets for the local gateway, the payment providers and the links of messages: made once, unreal phone numbers, kept from then on."""

from __future__ import annotations

import json
import os
import secrets
from importlib import import_module
from typing import TYPE_CHECKING, Any

from connectors import links
from connectors.loudspeaker.player import SECRETS
from connectors.payments import secret_files
from infra.run.stack.passwords import made_once
from models.alerting.phone import MADE_UP

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.settings import Settings
    from models.commune.configuration import Commune


def provision(settings: Settings, commune: Commune) -> None:
    """Write the secret files that are missing; those that stand, real ones too, are never touched."""
    folder = settings.secrets_dir
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    # By name: what the simulated services of a rehearsal accept is theirs to say.
    services = import_module("infra.rehearsal.gateway.service").services()
    contacts = [contact.id for contact in commune.contacts]
    for service in services.values():
        for name, content in service.secrets(settings, contacts).items():
            _make(folder / name, content)
    secret_files.provision(folder)
    made_once(folder / links.KEY_FILE)
    _make(folder / SECRETS, {one.id: secrets.token_urlsafe(24) for one in commune.loudspeakers})
    _make(folder / "contacts.json", {contact: _unreal(i) for i, contact in enumerate(contacts)})


def _unreal(number: int) -> str:
    """No network of Vietnam has the prefix 000."""
    return f"{MADE_UP}{number:06d}"


def _make(path: Path, content: dict[str, Any]) -> None:
    if path.exists():
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
