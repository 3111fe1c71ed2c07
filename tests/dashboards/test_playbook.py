"""The screens lead to the page of an alert's level, where the commune has written one."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from connectors.playbook import pages_of
from connectors.settings import ROOT
from connectors.timescale import reference
from dashboards.postgres_query import read
from tests.dashboards.seeded import EXAMPLE, alarm, clock
from tests.dashboards.windows import MADE, answer, expand, variable
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

PAGES = pages_of(ROOT / "infra" / "commune")


@pytest.fixture(scope="module")
def reader(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "playbook_screens") as admin:
        reference.load(admin, EXAMPLE, PAGES.values(), "http://127.0.0.1:8000")
        dsn = psycopg.conninfo.make_conninfo(admin, options="-csearch_path=phusa,public")
        alarm(dsn, "river", "river-phu-oc", "phu-oc", "river_level", 3, clock("02:00"), 4.6, "m")
        alarm(dsn, "silent", "silent", "bo-la-van", "station", 1, clock("02:10"), 3600, "s")
        yield as_role(admin, secrets, "reader")


def test_a_row_of_the_open_alerts_has_the_title_and_the_address_of_its_page(reader: str) -> None:
    rows = answer(reader, expand(read("open_alerts"), clock("00:00"), clock("03:00")))

    assert [(row["Sổ tay"], row["so_tay"]) for row in rows] == [
        (PAGES["river-3"].title, "http://127.0.0.1:8000/so-tay/river-3"),
        (PAGES["silent-1"].title, "http://127.0.0.1:8000/so-tay/silent-1"),
    ]


def test_an_alert_on_the_wall_is_a_link(reader: str) -> None:
    html = answer(reader, expand(variable("wall", "wall_alerts"), clock("00:00"), clock("03:00")))[0]["html"]

    assert 'href="http://127.0.0.1:8000/so-tay/river-3"' in html
    assert html.count("<a ") == html.count("</a>") == 2


def test_the_column_is_a_link_and_its_address_is_hidden() -> None:
    panel = next(
        one
        for one in MADE["messages"]["panels"]
        if one["title"] == "Cảnh báo đang mở" and one["type"] == "table"
    )
    changed = {
        one["matcher"]["options"]: {each["id"]: each["value"] for each in one["properties"]}
        for one in panel["fieldConfig"]["overrides"]
    }

    assert changed["Sổ tay"]["links"][0]["url"] == "${__data.fields.so_tay}"
    assert changed["so_tay"] == {"custom.hidden": True}
