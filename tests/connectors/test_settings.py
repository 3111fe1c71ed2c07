"""Settings from the environment: what cannot be one is refused by the variable's name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from connectors.settings import Settings, SettingsError, settings
from infra.phusa import app

REFUSED = {
    "no number": ("PHUSA_RECEIPT_WAIT_S", "nan", "finite number"),
    "no end": ("PHUSA_CHANNEL_WAIT_S", "inf", "finite number"),
    "below nothing": ("PHUSA_ANSWER_WAIT_S", "-1", "seconds above 0"),
    "nothing": ("PHUSA_TOKEN_WAIT_S", "0", "seconds above 0"),
    "more than a day": ("PHUSA_RECEIPT_WAIT_S", "86401", "at most 86400"),
    "a word": ("PHUSA_RECEIPT_WAIT_S", "soon", "valid number"),
    "a port below nothing": ("PHUSA_PORT_BASE", "-5", "greater than or equal to 1"),
    "ports beyond the last": ("PHUSA_PORT_BASE", "65530", "less than or equal to 65515"),
    "a clock that is none": ("PHUSA_CLOCK", "sundial", "expected system, stream, played"),
    "a clock that stands": (
        "PHUSA_CLOCK",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,0",
        "a speed above 0",
    ),
    "a clock of no speed": (
        "PHUSA_CLOCK",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,nan",
        "a speed above 0",
    ),
}


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(("name", "value", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_setting_that_cannot_be_one_is_refused_by_its_name(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name) as refused:
        settings()

    assert told in str(refused.value)


def test_all_that_cannot_be_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHUSA_RECEIPT_WAIT_S", "nan")
    monkeypatch.setenv("PHUSA_TOKEN_WAIT_S", "-4")

    with pytest.raises(SettingsError, match=r"PHUSA_RECEIPT_WAIT_S: .*PHUSA_TOKEN_WAIT_S: "):
        settings()


def test_every_command_says_so_instead_of_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHUSA_RECEIPT_WAIT_S", "nan")

    result = CliRunner().invoke(app, ["check"])

    assert result.exit_code == 2
    assert "LỖI / ERROR: PHUSA_RECEIPT_WAIT_S: cần một số hữu hạn" in result.output


def test_the_waits_of_the_channels_leave_a_warning_fifteen_seconds() -> None:
    """Without an answer from Zalo's tokens a warning is with eSMS after the wait and a look; a busy channel is left in time."""
    own = Settings()

    assert own.token_wait_s < own.answer_wait_s <= own.channel_wait_s
    assert own.channel_wait_s + own.token_wait_s < 15
