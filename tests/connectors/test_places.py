from __future__ import annotations

import psycopg
import pytest

from connectors import commune as folder
from connectors.settings import ROOT
from connectors.timescale import reference
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
EXAMPLE = folder.load(ROOT / "infra" / "commune")


@pytest.fixture(scope="module")
def store(server_dsn, secrets):
    with empty_store(server_dsn, secrets, "places") as admin:
        reference.load(admin, EXAMPLE)
        yield admin


def test_before_any_datum_each_place_has_a_row_and_none_is_green(store, secrets):
    with psycopg.connect(as_role(store, secrets, "reader")) as db:
        rows = db.execute("select kind, place, state, known, vi from places_at('2025-10-15 08:00+07')").fetchall()
        assert db.execute("select * from open_alerts_at('2025-10-15 08:00+07')").fetchall() == []
        assert len(db.execute("select * from ladder_at('phu-oc', '2025-10-15 08:00+07')").fetchall()) == 15
        assert db.execute("select value_vi(3.426, 'm'), ago('2025-10-15 07:56+07', '2025-10-15 08:00+07')").fetchone() == ("3,43 m", "4 phút trước")
    assert len(rows) == 6
    assert {(one[2], one[3]) for one in rows} == {("silent", False)}
