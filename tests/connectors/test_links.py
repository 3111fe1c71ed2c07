"""Who makes the links of messages: with a public address and a key, and never so that a message waits for its link."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors import http, links
from connectors.settings import Settings
from connectors.zalo.client import ZaloAccount
from models.alerting.gsm7 import DOUBLE, SINGLE, septets
from models.alerting.link import Claim, Links
from models.alerting.long_text import long_text
from models.alerting.sending import Answer, Order
from models.catalogue.channels import Channel
from tests.gateways import messages
from tests.senders import DATA, contact, send

AT = datetime(2026, 11, 25, 5, 20, tzinfo=UTC)
BASE = "https://x.vn"
LINK = f"{BASE}/e/{'A' * 23}"


def own(folder: Path, key: str | None = "a key that is long enough", base: str | None = BASE) -> Settings:
    if key is not None:
        (folder / links.KEY_FILE).write_text(key, encoding="utf-8")
    return Settings(secrets=folder, page_public_url=base)


def test_a_link_is_of_the_event_and_the_contact_and_ends_two_days_after_its_news(tmp_path: Path) -> None:
    settings = own(tmp_path)
    made = links.maker(settings)(12, "an", AT)

    assert made.startswith(f"{BASE}/e/")
    claim = Links(links.key(settings), ["an", "binh"]).read(made.rpartition("/")[2])
    assert claim == Claim(12, "an", datetime(2026, 11, 27, 6, tzinfo=UTC))
    assert links.maker(settings)(12, "an", AT) == made, "the same at every repetition"


@pytest.mark.parametrize(
    ("key", "base", "number"),
    [
        pytest.param("a key that is long enough", None, 12, id="no public address"),
        pytest.param(None, BASE, 12, id="no key"),
        pytest.param("", BASE, 12, id="an empty key"),
        pytest.param("short", BASE, 12, id="a key that anybody guesses"),
        pytest.param("a key that is long enough", BASE, 1 << 24, id="a number that no token holds"),
    ],
)
def test_a_message_goes_without_a_link_where_there_can_be_none(
    key: str | None, base: str | None, number: int, tmp_path: Path
) -> None:
    assert links.maker(own(tmp_path, key, base))(number, "an", AT) == ""


def test_a_key_that_is_none_is_named_by_its_file(tmp_path: Path) -> None:
    with pytest.raises(links.LinkKeyError, match="page_links: cần ít nhất 16 ký tự"):
        links.key(own(tmp_path, "short"))


def test_a_new_copy_has_a_key(settings: Settings) -> None:
    assert len(links.key(settings)) >= 32
    assert (settings.secrets_dir / links.KEY_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param("https://x.vn/", "https://x.vn", id="a slash at the end"),
        pytest.param("https://x.vn:8443", "https://x.vn:8443", id="a port"),
        pytest.param("http://127.0.0.1:19011", "http://127.0.0.1:19011", id="this machine, for a rehearsal"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_public_address_is_where_a_proxy_publishes_the_page(written: str, wanted: str | None) -> None:
    assert Settings(page_public_url=written).page_public_url == wanted


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("http://x.vn", id="in clear"),
        pytest.param("http://127.0.0.1.x.vn", id="a name that begins like this machine"),
        pytest.param("x.vn", id="no scheme"),
        pytest.param("https://x.vn/phu-sa", id="a path"),
        pytest.param("https://x.vn?a=1", id="a query"),
        pytest.param("https://nguoi:mat-ma@x.vn", id="a password"),
        pytest.param("https://xã.vn", id="letters that no SMS has"),
        pytest.param("https://[x", id="no address at all"),
        pytest.param("https://", id="no host"),
    ],
)
def test_what_is_no_public_address_is_refused_with_what_was_expected(written: str) -> None:
    with pytest.raises(ValidationError, match="expected an address without a path"):
        Settings(page_public_url=written)


def ordered(settings: Settings, text: str = "CANH BAO LU") -> Order:
    return Order("a" * 40, contact(settings), text, "river_rise", DATA, LINK)


def test_every_way_tells_the_link(settings: Settings, address: str, channel: Channel) -> None:
    (sent,) = send(settings, channel, ordered(settings))

    assert sent.answer is Answer.SENT
    (taken,) = messages(address)
    assert LINK in taken["text"]


def test_an_sms_that_is_full_brings_its_link_in_a_second_segment(settings: Settings, address: str) -> None:
    send(settings, Channel.SMS, ordered(settings, "x" * 150))

    (taken,) = messages(address)
    assert taken["text"] == f"{'x' * 150} {LINK}"
    assert SINGLE < septets(taken["text"]) <= DOUBLE


@pytest.mark.parametrize(
    ("prefix", "link", "field"),
    [
        pytest.param(None, LINK, None, id="templates without the field"),
        pytest.param("", LINK, LINK, id="the field is the whole link"),
        pytest.param(f"{BASE}/e/", LINK, "A" * 23, id="the template has the address, the field the token"),
        pytest.param("https://y.vn/e/", LINK, None, id="the template has another address"),
        pytest.param("", "", None, id="a message without a link"),
    ],
)
def test_what_zalo_gets_of_the_link(prefix: str | None, link: str, field: str | None) -> None:
    account = ZaloAccount("1", "", "2", "", {}, prefix)
    fields = account.fields(Order("k", "an", "", "river_rise", DATA, link))

    assert fields.get("lien_ket") == field
    assert {name: value for name, value in fields.items() if name != "lien_ket"} == DATA


def test_an_account_from_before_the_links_is_still_one(settings: Settings) -> None:
    written = http.secret(settings.secrets_dir / "zalo.json")
    del written["link_prefix"]

    assert ZaloAccount(**written).link_prefix is None


def test_a_long_text_ends_with_the_link() -> None:
    assert long_text("river_rise", DATA | {"lien_ket": LINK}).splitlines()[-1] == LINK
    assert long_text("river_rise", DATA).splitlines()[-1] == DATA["viec_can_lam"]


def test_an_order_never_shows_its_link(settings: Settings) -> None:
    shown = repr(ordered(settings)) + str([ordered(settings)])

    assert LINK not in shown
    assert "A" * 23 not in shown
