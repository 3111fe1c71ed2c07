"""How a message of a channel is answered: what its account says, and nothing where it cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.settings import Settings
from connectors.ways import answer_patterns

ACCOUNTS: dict[str, tuple[dict[str, Any] | None, str | None]] = {
    "a word and a short number": ({"incoming": "PHUSA {} gui 8079"}, "PHUSA {} gui 8079"),
    "a brand's name cannot be answered": ({}, None),
    "a pattern that cannot be used is left out": ({"incoming": "PHUSA"}, None),
    "no account at all": (None, None),
}


@pytest.mark.parametrize(("account", "pattern"), ACCOUNTS.values(), ids=ACCOUNTS.keys())
def test_an_sms_is_answered_as_its_account_says(
    tmp_path: Path, account: dict[str, Any] | None, pattern: str | None
) -> None:
    if account is not None:
        (tmp_path / "esms.json").write_text(json.dumps(account), encoding="utf-8")

    found = answer_patterns(Settings(var=tmp_path, secrets=tmp_path))

    assert found.get("sms") == pattern
    assert found["modem"] == "{}", "a SIM card of our own is simply answered"
