"""`phusa status` asks the same words as every screen: places_at and open_alerts_at of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from connectors import commune
from connectors.settings import ROOT
from connectors.timescale import reference
from connectors.timescale.situation import look
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)


def test_the_situation_is_that_of_the_moment_and_the_present_level(
    server_dsn: str, secrets: dict[str, str]
) -> None:
    with empty_store(server_dsn, secrets, "test_situation") as admin:
        reference.load(admin, commune.load(ROOT / "infra" / "commune"))
        reader = as_role(admin, secrets, "reader")
        with psycopg.connect(admin) as db:
            db.execute("set search_path = phusa, public")
            db.execute(
                "insert into alert values ('a', 'river-bo', 'river', 'phu-oc', 'river_level', 3, 3, 4.6, 'm', %s, %s)",
                [NOON - timedelta(hours=3), NOON],
            )
            for seq, (hours, change, level, before) in enumerate([(3, "raise", 1, 0), (1, "worse", 3, 1)]):
                db.execute(
                    "insert into alert_change (alert, seq, at, change, level, previous, value, \"limit\") values ('a', %s, %s, %s, %s, %s, 4.6, 4.5)",
                    [seq, NOON - timedelta(hours=hours), change, level, before],
                )
        seen, earlier = look(reader, NOON), look(reader, NOON - timedelta(hours=4))

    assert seen is not None
    assert earlier is not None
    (alert,) = seen.alerts
    assert (alert.kind, alert.level, alert.since) == ("river", 3, NOON - timedelta(hours=1))
    assert "phu-oc" not in alert.name
    assert earlier.alerts == []
    assert len(seen.places) == len(earlier.places) > 0


def test_a_store_that_is_older_than_these_words_says_so(server_dsn: str, secrets: dict[str, str]) -> None:
    with empty_store(server_dsn, secrets, "test_situation_old") as admin:
        with psycopg.connect(admin) as db:
            db.execute("drop function phusa.places_at")
        assert look(as_role(admin, secrets, "reader"), NOON) is None
