"""A way to a phone is one row, one folder, one simulated service and one row of the contract test; no second list of them exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from connectors.settings import ROOT, Settings
from connectors.ways import Way, open_senders, way
from infra.rehearsal.gateway import service
from infra.rehearsal.gateway.service import services
from models.alerting.routing import KEY_CHARACTERS
from models.catalogue.channels import CHANNELS, Channel, addresses, channel_name
from tests.gateways import own_settings
from tests.senders import DOCUMENTED

ROOMS = ("models", "connectors", "flows", "dashboards", "infra", "notebooks")
SIMULATED = Path(service.__file__).parent.relative_to(ROOT).as_posix()
OWN = (
    "models/catalogue/channels.py",
    *(f"connectors/{one}/" for one in Channel),
    *(f"{SIMULATED}/{one}.py" for one in Channel),
)
"""Where a channel may be named: its row, its folder, its simulated service."""
ALLOWED = {
    "infra/run/contracts/examples.py": "examples of records",
    "models/alerting/wording.py": "the name of the function that words a short message",
}
"""Where the word stands for something else, and why."""


def named(text: str, channels: frozenset[str] = frozenset(Channel)) -> list[int]:
    """Lines that name a channel by its code as a whole text, or by its member."""
    found = []
    for node in ast.walk(ast.parse(text)):
        by_code = isinstance(node, ast.Constant) and node.value in channels
        if by_code or (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Channel"):
            found.append(node.lineno)
    return found


def modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def test_nothing_but_its_own_folder_names_a_channel() -> None:
    """A second list, or a branch on one channel, is what made a new way touch 26 files."""
    found = {
        name: lines
        for path in modules()
        if not (name := path.relative_to(ROOT).as_posix()).startswith(OWN)
        and (lines := named(path.read_text(encoding="utf-8")))
    }

    assert set(found) == set(ALLOWED), found


def test_no_screen_names_a_channel() -> None:
    words = [f"'{one}'" for one in Channel]
    for path in sorted((ROOT / "dashboards" / "sql").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        assert [word for word in words if word in text] == [], path.name


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A = {'sms': 1}", [1]),
        ("x = 1\nif y == 'zalo':\n    pass", [2]),
        ("A = Channel.SMS", [1]),
        ("'''by zalo, else by sms'''", []),
        ("A = 'zalo_token.json'", []),
    ],
)
def test_a_second_list_is_found(text: str, lines: list[int]) -> None:
    assert named(text) == lines


@pytest.mark.parametrize("channel", Channel)
def test_a_channel_has_a_row_a_folder_a_simulated_service_and_its_row_in_the_contract(
    channel: Channel, tmp_path: Path
) -> None:
    row, settings = CHANNELS[channel], own_settings(tmp_path)

    assert row.code is channel
    assert row.vi
    assert row.en
    assert row.addresses
    assert isinstance(way(channel), Way)
    assert channel in services()
    assert channel in DOCUMENTED
    assert open_senders(settings)[channel].idempotent is row.knows_key
    receipts = way(channel).receipts
    assert receipts is None or receipts(settings).path.startswith("/receipts/")


def test_channels_are_told_apart_and_each_address_has_one_setting() -> None:
    for attribute in ("vi", "en", "colour", "mark"):
        found = [getattr(row, attribute) for row in CHANNELS.values()]
        assert len(set(found)) == len(found), attribute
    assert len(addresses()) == sum(len(row.addresses) for row in CHANNELS.values())


def test_every_service_takes_a_key_as_long_as_ours() -> None:
    assert all(row.longest_key is None or row.longest_key >= KEY_CHARACTERS for row in CHANNELS.values())


def test_an_address_is_set_by_the_variable_of_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Settings(var=tmp_path).gateways == {}
    for name, address in addresses().items():
        monkeypatch.setenv(address.setting, f"https://{name}.example")

    assert Settings(var=tmp_path).gateways == {name: f"https://{name}.example" for name in addresses()}


def test_a_channel_of_a_newer_version_is_called_by_its_code() -> None:
    assert channel_name("pigeon") == "pigeon"
