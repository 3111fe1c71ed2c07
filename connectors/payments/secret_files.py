"""The providers' secrets: one file each, `payments_<provider>`, in the folder of secrets."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import msgspec

from models.catalogue.providers import Provider
from models.payments.contract import Secret
from models.payments.event import What
from models.payments.providers.registry import PROVIDERS

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "payments_"
DEMO_STATUSES = {"1": What.PAYMENT, "4": What.REFUND, "5": What.REVERSAL}
"""As the simulator tells a Viettel refund and reversal; the codes of a real contract go into the file."""


def load(folder: Path) -> dict[Provider, Secret]:
    """The secrets that are there; a file is JSON (`key`, `access_code`, `statuses`) or the bare key.

    Raises ValueError that names the file, never its content.
    """
    return {one: _read(folder / f"{PREFIX}{one}") for one in Provider if (folder / f"{PREFIX}{one}").exists()}


def _read(path: Path) -> Secret:
    text = path.read_text(encoding="utf-8").strip()
    try:
        found = msgspec.json.decode(text, type=Secret) if text.startswith("{") else Secret(text)
    except msgspec.MsgspecError:
        found = Secret("")
    if not found.key:
        msg = f"{path}: cần khóa hoặc JSON có key, access_code, statuses (expected a key, or JSON with these)"
        raise ValueError(msg) from None
    return found


def provision(folder: Path) -> None:
    """Secrets of a demo or test for every provider that has none; a file that stands is never touched."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for provider in Provider:
        coded = PROVIDERS[provider].access_code
        made = Secret(
            secrets.token_hex(32),
            access_code=secrets.token_hex(8) if coded else "",
            statuses=DEMO_STATUSES if coded else {"1": What.PAYMENT},
        )
        path = folder / f"{PREFIX}{provider}"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.encode(made))
