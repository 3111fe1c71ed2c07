"""The playbook on the page: each page at its address, from files, and the wall's alerts lead to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from connectors.page.application import application
from connectors.page.store import AWAY
from connectors.playbook import check, pages_of
from connectors.settings import ROOT
from tests.connectors.page.chrome import Seen, chromium, served
from tests.connectors.page.moments import storm
from tests.connectors.page.test_application import COMMUNE, EXAMPLE, Shown, client

FOLDER = ROOT / "infra" / "commune"
PAGES = pages_of(FOLDER)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_page_is_read_at_its_address_and_may_be_kept(name: str) -> None:
    answer = client(storm()).get(f"/so-tay/{name}")

    assert answer.status_code == 200
    assert "public" in answer.headers["cache-control"]
    assert all(step in answer.text for step in PAGES[name].steps)
    assert "<script" not in answer.text


def test_the_pages_answer_when_the_store_is_away_and_to_everybody() -> None:
    away = msgspec.structs.replace(storm(), trouble=AWAY)

    assert client(away, caller="203.0.113.9").get("/so-tay/river-3").status_code == 200


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [("river-5", 200, "báo động 3"), ("river-0", 404, "no such page"), ("river", 404, "no such page"),
     ("fire-1", 404, "no such page"), ("river-²", 404, "no such page"), ("river-99999999999999999999", 200, "báo động 3")],
)  # fmt: skip
def test_a_level_without_a_page_has_the_next_lower_one_and_what_is_none_is_said(
    name: str, status: int, said: str
) -> None:
    answer = client(storm()).get(f"/so-tay/{name}")

    assert answer.status_code == status
    assert said in answer.text


def test_the_list_leads_to_every_page() -> None:
    text = client(storm()).get("/so-tay").text

    assert [name for name in PAGES if f'href="/so-tay/{name}"' not in text] == []


def test_an_alert_on_the_wall_leads_to_the_page_of_its_level() -> None:
    moment = storm()
    first = msgspec.structs.replace(moment.alerts[0], level=3)
    text = client(msgspec.structs.replace(moment, alerts=[first, *moment.alerts[1:]])).get("/wall").text

    assert 'href="/so-tay/river-3"' in text


def test_check_names_a_mistake_of_the_playbook_with_its_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path
    assert check(folder, EXAMPLE) == []
    shutil.copytree(FOLDER / "playbook", folder / "playbook")
    assert check(folder, EXAMPLE) == []
    phone = "09" + "12345678"
    page = folder / "playbook" / "river-2.md"
    page.write_text(page.read_text(encoding="utf-8") + f"- Ring {phone}.\n", encoding="utf-8")
    (folder / "playbook" / "air-1.md").unlink()
    found = check(folder, EXAMPLE)

    lines = len(page.read_text(encoding="utf-8").splitlines())
    assert [(one.file, one.line) for one in found] == [
        ("playbook/air-1.md", 1),
        ("playbook/river-2.md", lines),
    ]
    assert phone not in str(found)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(application(Shown(storm()), COMMUNE)) as found:
        yield found


@pytest.fixture(scope="module")
def telephone(browser: Browser) -> Iterator[Seen]:
    seen = Seen(browser, 360)
    yield seen
    seen.close()


@pytest.mark.integration
@pytest.mark.parametrize("path", ["/so-tay", "/so-tay/river-3", "/so-tay/fish-2"])
def test_a_page_fits_a_narrow_telephone_and_axe_finds_nothing_serious(
    path: str, address: str, telephone: Seen
) -> None:
    page = telephone.open(address + path)
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"][:120])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]

    assert serious == []
    assert telephone.overflow[0] <= 0
    assert telephone.errors == []


@pytest.mark.integration
def test_a_number_to_ring_is_large_enough_for_a_wet_thumb(address: str, telephone: Seen) -> None:
    page = telephone.open(f"{address}/so-tay/river-3")
    heights = page.evaluate(
        "[...document.querySelectorAll('.call')].map((one) => one.getBoundingClientRect().height)"
    )

    assert len(heights) == 3
    assert min(heights) >= 44
