"""The notebook runs from top to bottom, on an empty store and on a day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.timescale import frames
from connectors.timescale.ledger import LedgerWriter
from connectors.timescale.reference import load
from connectors.timescale.sink import ObservationWriter
from models.posting.post import Shard, post
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests import payments
from tests.builders import batch, commune, payload
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration


@pytest.fixture
def admin(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """An empty, migrated store."""
    with empty_store(server_dsn, secrets, "notebook") as found:
        yield found


@pytest.mark.parametrize("filled", [False, True], ids=["empty store", "an hour of readings and payments"])
def test_the_first_look_runs_to_its_end(
    admin: str, secrets: dict[str, str], filled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if filled:
        load(admin, commune())
        own = as_role(admin, secrets, "writer")
        writer = ObservationWriter(own)
        writer.write([judge(plan(commune()), {}, batch([payload(1.0, minute=i) for i in range(60)]))])
        writer.close()
        paid = [*(payments.event(i) for i in range(20)), payments.refund(50, 3, 7_000)]
        ledger = LedgerWriter(own)
        ledger.write([post(payments.own(), Shard(), payments.records(*paid))])
        ledger.close()
    reader = as_role(admin, secrets, "reader")
    monkeypatch.setattr(frames, "tables", lambda: frames.Tables(reader))
    monkeypatch.setenv("MPLBACKEND", "agg")

    from notebooks import first_look

    _outputs, definitions = first_look.app.run()

    assert definitions["observation"].height == (60 if filled else 0)
    assert definitions["would"].height == 4
    assert definitions["ledger"]["net_vnd"].sum() == (20 * 27_000 - 7_000 if filled else 0)
    assert dict(definitions["observation"].schema)["at"].time_zone == "Asia/Ho_Chi_Minh"
