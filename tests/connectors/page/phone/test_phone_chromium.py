"""The phone page on a phone: 360 x 640, without a script, with large letters, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from connectors.page.application import application
from models.alerting.approval import Standing
from models.catalogue.states import STATES, State
from tests.connectors.page.chrome import chromium, served
from tests.connectors.page.moments import MINUTE, NOON, place, storm
from tests.connectors.page.phone.events import (
    CHAIR,
    PEOPLE,
    WALL,
    Kept,
    alert,
    announced,
    answer,
    approved,
    event,
    link,
    phone,
    situation,
)
from tests.connectors.page.test_application import COMMUNE, Shown
from tests.connectors.page.test_chromium import JPEG

pytestmark = pytest.mark.integration
NARROW, PHONE = (320, 568), (360, 640)
LONG = "Camera đường liên thôn La Vân Thượng, đoạn trũng trước nhà văn hoá"
SITUATIONS = {
    "danger with a picture": situation(),
    "warning, answered": situation(event=event(level=2), alerts=[alert(level=2, level_vi="BĐ2", state="warning", value_vi="3,43 m")], answers=[answer()]),
    "risen since an answer": situation(answers=[answer(ago=50 * MINUTE)]),
    "over": situation(alerts=[], event=event(level=0, closed_at=NOON - MINUTE)),
    "no longer watched": situation(alerts=[], event=event(level=0, closed_at=NOON - MINUTE), unwatched=True),
    "not known": situation(alerts=[], places=[], event=event(level=0)),
    "silent now": situation(places=[place(state="silent", vi="Phú Ốc mất tín hiệu từ 10:30, số cuối 4,87 m; đo 10:30, 90 phút trước")]),
    "an exercise": situation(event=event(exercise=True)),
    "loudspeakers wait for the chairman": situation(contact=CHAIR, announced=[announced(), announced(id=8, event=None, asked_by="control-room", exercise=True, hamlets=["niem-pho"])]),
    "loudspeakers wait for others": situation(announced=[announced()]),
    "loudspeakers have spoken": situation(announced=[approved(("heard", ""), ("pending", "HTTP 503"), ("doubt", "x")), approved(state=Standing.REFUSED, id=8)]),
    "long names and many people": situation(
        alerts=[alert(name=LONG, parameter_vi="bụi mịn PM2.5 trung bình 24 giờ", value_vi="1.000.000 đ", level_vi="rất cao, nguy hại")] + [alert(alert=f"a{n}", name=LONG) for n in range(3)],
        people=[msgspec.structs.replace(one, name=f"{LONG} {n}", own=n == 0) for n, one in enumerate(PEOPLE * 10)],
    ),
}  # fmt: skip
WORDS = {
    "forged": (f"{link()[:-1]}é", False),
    "ended": (link(ends_at=WALL), False),
    "no event": (link(number=13), False),
    "store away": (link(), True),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def store() -> Kept:
    kept = Kept(None)
    kept.jpeg = JPEG
    return kept


@pytest.fixture(autouse=True)
def _anew(store: Kept) -> None:
    store.known, store.gone = situation(), False
    store.answers.clear()
    store.opened_by.clear()
    store.decisions.clear()


@pytest.fixture(scope="module")
def address(store: Kept) -> Iterator[str]:
    own = phone(store)
    # Its brakes are tested without a browser; here one link is opened hundreds of times.
    for brake in (own._visits, own._answers, own._strangers):
        brake._burst = 10_000.0
    with served(application(Shown(storm()), COMMUNE, phone=own)) as found:
        yield found


Open = Callable[..., Page]


@pytest.fixture
def window(browser: Browser) -> Iterator[Open]:
    """A window of a size, without scripts unless asked for; what its console says must be nothing."""
    opened: list[Any] = []
    said: list[str] = []

    def of(size: tuple[int, int] = PHONE, *, script: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script
        )
        opened.append(context)
        context.set_default_timeout(300_000)  # ms; what hangs, not what is slow
        page = context.new_page()
        page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
        return page

    yield of
    for one in opened:
        one.close()
    # A page of words has a status of its own, which the console tells.
    assert [one for one in said if "status of" not in one] == []


def behind(name: str) -> str:
    """The path of the link of whom the situation is shown to."""
    return link(contact=SITUATIONS[name].contact)


def too_wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def cut(page: Page) -> list[str]:
    """Words that stand beyond the screen, or are hidden in their own box."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("h1, h2, p, li, button, a, img")].filter((one) => { const at = one.getBoundingClientRect();
        return at.right > innerWidth + 1 || at.left < -1 || one.scrollWidth > one.clientWidth + 2 && one.clientWidth > 0 && getComputedStyle(one).display !== "inline"; })
        .map((one) => one.tagName + " " + one.textContent.slice(0, 40))"""
    )
    return found


@pytest.mark.parametrize("size", [NARROW, PHONE, (640, 360), (1280, 720)], ids=str)
@pytest.mark.parametrize("name", SITUATIONS)
def test_nothing_is_wider_than_the_screen_or_cut(
    name: str, size: tuple[int, int], store: Kept, address: str, window: Open
) -> None:
    store.known = SITUATIONS[name]
    page = window(size)
    page.goto(address + behind(name))

    assert too_wide(page) <= 0
    assert cut(page) == []


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=str)
@pytest.mark.parametrize("name", SITUATIONS)
def test_with_letters_of_twice_the_size_all_of_it_is_still_there(
    name: str, size: tuple[int, int], store: Kept, address: str, window: Open
) -> None:
    store.known = SITUATIONS[name]
    page = window(size)
    page.goto(address + behind(name))
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert too_wide(page) <= 0
    assert cut(page) == []


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=str)
@pytest.mark.parametrize("name", SITUATIONS)
def test_buttons_are_hit_by_a_wet_thumb(
    name: str, size: tuple[int, int], store: Kept, address: str, window: Open
) -> None:
    store.known = SITUATIONS[name]
    page = window(size)
    page.goto(address + behind(name))
    buttons = [one.bounding_box() for one in page.locator("button").all()]

    assert all(box["height"] >= 64 and box["width"] >= 0.85 * size[0] for box in buttons)
    for one, below in pairwise(buttons):
        assert below["y"] - one["y"] - one["height"] >= 8, "apart, so that a thumb takes one of them"
    others = [one.bounding_box() for one in page.locator("a.again, a.call").all()]
    assert all(box["height"] >= 48 for box in others)


def test_state_value_and_the_first_button_are_seen_without_scrolling(address: str, window: Open) -> None:
    page = window()
    page.goto(address + link())
    for what in ("h1", ".value", "button.taken"):
        box = page.locator(what).bounding_box()
        assert box["y"] + box["height"] <= PHONE[1], what


def test_letters_are_large_and_of_high_contrast(store: Kept, address: str, window: Open) -> None:
    store.known = SITUATIONS["danger with a picture"]
    page = window(script=True)
    page.goto(address + link())
    sizes = page.evaluate(
        """Object.fromEntries(["h1", ".value", ".place", "button.taken", "button.false", ".do", "li"].map((one) => [one, parseFloat(getComputedStyle(document.querySelector(one)).fontSize)]))"""
    )

    assert sizes["h1"] >= 36
    assert min(sizes[one] for one in (".value", "button.taken", "button.false")) >= 24
    assert min(sizes.values()) >= 18


@pytest.mark.parametrize("name", SITUATIONS)
def test_in_bright_sun_it_can_be_read(name: str, store: Kept, address: str, window: Open) -> None:
    """WCAG's highest level: 7 to 1, for large and bold letters 4.5 to 1."""
    store.known = SITUATIONS[name]
    page = window(script=True)
    page.goto(address + behind(name))
    rule = {"runOnly": ["color-contrast-enhanced"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
    low = Axe().run(page, options=rule).response["violations"]

    assert [(node["html"], node["any"][0]["message"]) for one in low for node in one["nodes"]] == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_axe_finds_nothing(name: str, store: Kept, address: str, window: Open) -> None:
    store.known = SITUATIONS[name]
    page = window(script=True)
    page.goto(address + behind(name))

    assert [
        (one["id"], one["nodes"][0]["html"][:120]) for one in Axe().run(page).response["violations"]
    ] == []


@pytest.mark.parametrize("name", WORDS)
def test_pages_of_words_are_pages_too(name: str, store: Kept, address: str, window: Open) -> None:
    path, store.gone = WORDS[name]
    page = window(NARROW, script=True)
    page.goto(address + path)

    assert too_wide(page) <= 0
    assert cut(page) == []
    assert [one.get_attribute("href") for one in page.locator("a.call").all()] == ["tel:114", "tel:112"]
    assert [
        (one["id"], one["nodes"][0]["html"][:120]) for one in Axe().run(page).response["violations"]
    ] == []


@pytest.mark.parametrize(
    ("button", "kind"), [("Đã nhận, tôi đi", "taken"), ("Báo nhầm", "false"), ("Cần giúp", "help")]
)
def test_a_touch_without_a_script_is_an_answer_and_the_page_says_it(
    button: str, kind: str, store: Kept, address: str, window: Open
) -> None:
    page = window()
    page.goto(address + link())
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()

    assert page.url == address + link()
    assert page.locator(".noted").inner_text().startswith(f"Đã ghi: {button}, lúc 12:00")
    assert [one.kind for one in store.answers.values()] == [kind]
    page.reload()
    assert len(store.answers) == 1, "loading the page again sends nothing"


def test_back_and_the_same_button_again_is_the_same_answer(store: Kept, address: str, window: Open) -> None:
    page = window()
    page.goto(address + link())
    page.get_by_role("button", name="Đã nhận").click()
    page.wait_for_load_state()
    page.go_back()
    if page.get_by_role("button", name="Đã nhận").count():
        page.get_by_role("button", name="Đã nhận").click()
        page.wait_for_load_state()

    assert len(store.answers) == 1


def test_a_browser_has_read_it(store: Kept, address: str, window: Open) -> None:
    window().goto(address + link())

    assert store.opened_by == ["head-la-van-ha"]


@pytest.mark.parametrize("name", [name for name in SITUATIONS if name != "danger with a picture"])
def test_no_pixel_of_a_badge_is_green(name: str, store: Kept, address: str, window: Open) -> None:
    store.known = SITUATIONS[name]
    page = window()
    page.goto(address + behind(name))
    green = STATES[State.NORMAL].colour
    wanted = f"rgb({', '.join(str(int(green[at : at + 2], 16)) for at in (1, 3, 5))})"
    found = page.evaluate(
        """(wanted) => [...document.querySelectorAll("body *")].filter((one) => { const s = getComputedStyle(one);
        return [s.backgroundColor, s.fill, s.borderLeftColor].includes(wanted) && one.getClientRects().length; }).map((one) => one.outerHTML.slice(0, 80))""",
        wanted,
    )

    assert found == []


def test_it_asks_nobody_else(address: str, window: Open) -> None:
    page = window()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(address + link())

    assert len(asked) >= 3
    assert all(one.startswith((address, "data:")) for one in asked)


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("Cho phát", "Chủ tịch xã cho phát, lúc 12:00."),
        ("Không phát", "Chủ tịch xã không cho phát, lúc 12:00."),
    ],
)
def test_a_touch_without_a_script_decides_on_the_loudspeakers_and_the_page_says_it(
    button: str, said: str, store: Kept, address: str, window: Open
) -> None:
    store.known = situation(announced=[announced()])
    page = window()
    page.goto(address + link(contact=CHAIR))
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()

    assert page.url == address + link(contact=CHAIR)
    assert page.locator(".spoken b").first.inner_text() == said
    page.reload()
    assert len(store.decisions) == 1, "loading the page again sends nothing"


def test_what_will_be_spoken_is_large(store: Kept, address: str, window: Open) -> None:
    store.known = situation(announced=[announced()])
    page = window(script=True)
    page.goto(address + link(contact=CHAIR))
    sizes = page.evaluate(
        """[".speech", "button.approved", "button.refused"].map((one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize))"""
    )

    assert min(sizes) >= 20
