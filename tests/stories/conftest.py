"""Each story of messages is told through the rules alone and through the real writer and outbox."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from models.commune.configuration import Commune
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
