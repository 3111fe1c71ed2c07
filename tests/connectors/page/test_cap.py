"""The CAP feed of the page: what a reader gets on good and on bad days."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from lxml import etree
from starlette.testclient import TestClient

from connectors import commune as files
from connectors.page import cap
from connectors.page.application import application
from connectors.page.map_file import sketch_of
from connectors.page.views import Commune
from connectors.settings import ROOT, Settings, SettingsError, settings
from connectors.timescale import bulletins
from connectors.timescale.alerts import insert_changes
from models.alerting.alert import Kind
from models.cap.chain import Chain
from models.cap.message import Status
from tests.connectors.page.moments import quiet
from tests.connectors.page.test_application import Shown
from tests.messages import AT
from tests.models.cap.cap_schema import unfit
from tests.models.cap.story import NIGHT, later, rise_and_fall
from tests.store import as_role, empty_store

ATOM = {"a": "http://www.w3.org/2005/Atom"}
EXAMPLE = ROOT / "infra" / "commune"


def client(now: datetime = NIGHT) -> TestClient:
    own = Settings(cap_sender="xa-quang-dien.example")
    more = cap.routes(own, files.load(EXAMPLE), lambda: now)
    page = Commune("Xã Quảng Điền", {}, sketch_of(EXAMPLE))
    return TestClient(application(Shown(quiet()), page, more=more), raise_server_exceptions=False)  # type: ignore[arg-type]


@pytest.fixture
def _story(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store in which the river rose and fell."""

    def chains(_dsn: str, _since: datetime, _until: datetime, alert: str | None = None) -> list[Chain]:
        chain = rise_and_fall()
        return [chain] if alert in (None, chain.changes[0].alert) else []

    monkeypatch.setattr(bulletins, "chains", chains)
    monkeypatch.setattr(Settings, "dsn", lambda _self, _role: "host=nowhere.invalid")


def links(feed: bytes) -> list[str]:
    return [str(one.get("href")) for one in etree.fromstring(feed).findall("a:entry/a:link", ATOM)]


@pytest.mark.usefixtures("_story")
def test_each_link_of_the_feed_leads_to_a_message_that_fits_the_schema() -> None:
    own = client()
    found = links(own.get("/cap/feed.xml").content)
    documents = [own.get(f"/cap/{link}") for link in found]

    assert len(found) == 4
    assert {one.status_code for one in documents} == {200}
    assert [unfit(one.content) for one in documents] == [[], [], [], []]
    assert documents[0].headers["content-type"] == "application/cap+xml; charset=utf-8"


@pytest.mark.usefixtures("_story")
@pytest.mark.parametrize("path", ["/cap/feed.xml", "/cap/river:phu-oc:1:1.xml"])
def test_who_has_it_already_is_told_so(path: str) -> None:
    own = client()
    first = own.get(path)
    again = own.get(path, headers={"if-none-match": first.headers["etag"]})

    assert "max-age=15" in first.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("_story")
@pytest.mark.parametrize("name", ["river:phu-oc:1:9", "river:phu-oc:1", "x", "../data", "a:1"])
def test_a_message_that_nobody_sent_is_not_found(name: str) -> None:
    assert client().get(f"/cap/{name}.xml").status_code == 404


@pytest.mark.parametrize("path", ["/cap/feed.xml", "/cap/river:phu-oc:1:1.xml"])
def test_while_the_store_is_away_it_says_so_and_never_that_all_is_well(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "dsn", lambda _self, _role: "host=127.0.0.1 port=1 dbname=phusa")
    answer = client().get(path)

    assert answer.status_code == 503
    assert "không biết cảnh báo nào" in answer.text
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.usefixtures("_story")
def test_what_is_over_leaves_the_feed_after_a_week() -> None:
    assert links(client(NIGHT + timedelta(days=6)).get("/cap/feed.xml").content)
    assert not links(client(NIGHT + timedelta(days=8)).get("/cap/feed.xml").content)


@pytest.mark.parametrize("name", ["xã Quảng Điền", "a,b", "a&b", ""])
def test_a_sender_that_cap_forbids_is_refused_by_the_settings(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHUSA_CAP_SENDER", name)
    settings.cache_clear()
    with pytest.raises(SettingsError, match="PHUSA_CAP_SENDER"):
        settings()
    settings.cache_clear()


@pytest.mark.integration
def test_the_reader_sees_a_story_of_the_store_as_alert_update_update_cancel(
    server_dsn: str, secrets: dict[str, str]
) -> None:
    with empty_store(server_dsn, secrets, "test_cap") as admin:
        with psycopg.connect(admin) as db:
            db.execute("set search_path = phusa, public")
            insert_changes(db, rise_and_fall().changes)
            insert_changes(
                db, [later(0, 1, 2, 0, alert="drill"), later(1, 1, 1, 0, alert="o", kind=Kind.OXYGEN)]
            )
            db.execute(
                "insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values ('e', 'p', %s, %s, 2, 2, true)",
                [AT, AT],
            )
            db.execute("update alert set event = 'e' where alert = 'drill'")
        reader = as_role(admin, secrets, "reader")
        drill, story = bulletins.chains(reader, AT, NIGHT)
        alone = bulletins.chains(reader, AT, NIGHT, "drill")
        early = bulletins.chains(reader, AT, AT + timedelta(hours=2))

    assert [one.change for one in story.changes] == ["raise", "worse", "better", "clear"]
    assert (story.status, drill.status, drill.event) == (Status.ACTUAL, Status.EXERCISE, "e")
    assert alone == [drill]
    assert [len(one.changes) for one in early] == [1, 2]
