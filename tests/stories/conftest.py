"""Each story of messages is told through the rules alone and through the real writer and outbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from connectors.commune import load
from connectors.settings import Settings
from models.commune.configuration import Commune
from tests.nights import PLAYED, Night
from tests.store import as_role, empty_store
from tests.stories.alerts import Tell
from tests.timeline import Pure, Stored


@pytest.fixture(scope="module")
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "test_messages") as admin:
        yield as_role(admin, secrets, "writer")


@pytest.fixture(params=["rules", pytest.param("store", marks=pytest.mark.integration)])
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    if request.param == "rules":
        yield lambda own, patterns=None: Pure(own, patterns=patterns)
        return
    dsn, opened = request.getfixturevalue("dsn"), list[Stored]()
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "delete from notification; delete from alert_change; delete from alert; delete from source_offset; "
            "delete from event; delete from silence"
        )

    def stored(own: Commune, patterns: dict[str, str] | None = None) -> Stored:
        opened.append(Stored(dsn, own, patterns=patterns))
        return opened[-1]

    yield stored
    for one in opened:
        one.close()


@pytest.fixture(scope="session")
def night_store(server_dsn: str, secrets: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A store on the clock of a story; the DSNs of its administrator and its writer."""
    with empty_store(server_dsn, secrets, "test_nights") as admin:
        with psycopg.connect(admin) as connection:
            connection.execute(PLAYED)
        yield admin, as_role(admin, secrets, "writer")


@pytest.fixture(scope="session")
def example() -> Commune:
    return load(Settings().commune)


@pytest.fixture
def night(
    night_store: tuple[str, str], example: Commune, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Night:
    """A night of the example commune, in which nothing has happened yet."""
    admin, dsn = night_store
    with psycopg.connect(admin) as connection:
        connection.execute(
            "truncate notification, alert_change, alert, source_offset, event, silence, answer, audit, contact cascade"
        )
        connection.cursor().executemany(
            "insert into contact values (%s, %s, %s, %s, %s, %s, %s)",
            [
                (one.id, one.name, one.role, one.hamlets, one.kinds, one.channels, one.least_level)
                for one in example.contacts
            ],
        )
    return Night(dsn, example, Settings(var=tmp_path), monkeypatch)
