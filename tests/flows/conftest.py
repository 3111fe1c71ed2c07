"""What several tests of flows need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import commune as files
from connectors.settings import Settings
from infra.run.cli import announce
from tests.gateways import gateway, own_settings
from tests.loudspeakers import House
from tests.store import as_role, empty_store


@pytest.fixture
def house(
    tmp_path: Path, server_dsn: str, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    own = own_settings(tmp_path)
    with empty_store(server_dsn, secrets, "test_announcing") as admin, gateway(own) as address:
        monkeypatch.setattr(Settings, "dsn", lambda _self, role: as_role(admin, secrets, role))
        monkeypatch.setattr(announce, "settings", lambda: own)
        yield House(own, admin, address, files.load(own.commune))
