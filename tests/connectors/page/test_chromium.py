"""What a person sees, in a real Chromium: nothing to scroll sideways, nothing cut, nothing that a console complains of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from connectors.page.application import application
from connectors.page.now import Now
from connectors.page.store import AWAY
from models.catalogue.states import STATES, State
from tests.connectors.page.chrome import HEIGHTS, Seen, chromium, served
from tests.connectors.page.moments import NOON, alert, nobody, place, quiet, river, rung, storm
from tests.connectors.page.test_application import BAD_DAYS, COMMUNE, Shown

pytestmark = pytest.mark.integration
Open = Callable[..., Seen]
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "01" * 64 + "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009"
    "ffc40014100100000000000000000000000000000000ffda0008010100003f0054ffd9"
)  # fmt: skip
"""One grey pixel."""
MANY = msgspec.structs.replace(
    storm(), places=[place(f"Trạm số {n} ở một nơi có tên rất dài", state, id=f"s{n}", vi=f"Trạm số {n}: một câu dài như câu của sông, trên BĐ3 0,37 m, lên 12 cm/giờ; đo 11:56, 4 phút trước")
                     for n, state in enumerate([*State] * 8)], alerts=[alert(n) for n in range(12)], alert_count=10_000,
)  # fmt: skip
MARKED = msgspec.structs.replace(
    river(4.87, rising=0.12), ladder=sorted((rung(f"Trường tiểu học ở nơi có tên dài {n}", 3.4 + n / 4, 4.87, "road") for n in range(11)), key=lambda one: -one.level),
)  # fmt: skip
TOLD = "Hợp tác xã nuôi cá lồng, Phòng điều hành, Phó thôn La Vân Hạ và 9 người"
GO = "Trưởng thôn La Vân Hạ đi lúc 13:25; Trưởng thôn Phước Yên đi lúc 13:30; Phó thôn La Vân Thượng báo nhầm lúc 13:31"
MOMENTS = [
    ("all is well", quiet()),
    ("the storm", storm()),
    ("56 places and 10,000 alerts", MANY),
    ("the store away", msgspec.structs.replace(storm(), trouble=AWAY)),
    ("no place", Now(NOON, [], [], 0, [], [])),
    ("nobody takes it", msgspec.structs.replace(storm(), nobody=[nobody()])),
    (
        "nobody takes either of two, of each many were told, and the marks of a whole river",
        msgspec.structs.replace(
            storm(),
            nobody=[nobody(n) for n in range(2)],
            alerts=[alert(n, told_vi=TOLD, answered_vi=GO) for n in range(9)],
            alert_count=9,
            rivers=[MARKED],
        ),
    ),
    (
        "nobody takes any of three, among 56 places",
        msgspec.structs.replace(
            MANY, nobody=[nobody(n, name="Trạm số 1 ở một nơi có tên rất dài") for n in range(3)]
        ),
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def shown() -> Shown:
    source = Shown(quiet())
    source.jpeg = JPEG
    return source


@pytest.fixture(scope="module")
def address(shown: Shown) -> Iterator[str]:
    with served(application(shown, COMMUNE)) as found:
        yield found


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Open]:
    """A window of each width, used again: opening one costs more than what is seen in it."""
    opened: dict[tuple[int, bool], Seen] = {}

    def of_width(width: int, *, script: bool = True) -> Seen:
        if (width, script) not in opened:
            opened[width, script] = Seen(browser, width, script=script)
        return opened[width, script]

    yield of_width
    for seen in opened.values():
        seen.close()


@pytest.mark.parametrize("width", HEIGHTS)
@pytest.mark.parametrize(("name", "moment"), MOMENTS, ids=[moment[0] for moment in MOMENTS])
def test_no_page_is_wider_than_its_screen_and_no_console_complains(
    name: str, moment: Now, width: int, shown: Shown, address: str, window: Open
) -> None:
    shown.moment = moment
    for path in ("/", "/?embed=1", "/wall"):
        seen = window(width)
        seen.open(address + path)
        assert seen.overflow[0] <= 0, (name, path)
        assert seen.errors == [], (name, path)
        assert all(one.startswith((address, "data:")) for one in seen.asked), "nothing from elsewhere"


@pytest.mark.parametrize("width", [1920, 3840])
@pytest.mark.parametrize(("name", "moment"), MOMENTS, ids=[moment[0] for moment in MOMENTS])
def test_the_wall_does_not_scroll_and_cuts_nothing_unsaid(
    name: str, moment: Now, width: int, shown: Shown, address: str, window: Open
) -> None:
    shown.moment = moment
    seen = window(width)
    page = seen.open(f"{address}/wall")

    assert seen.overflow[1] <= 0
    cut = page.evaluate(
        """[...document.querySelectorAll("header, .band, .band p, .headline, .time, .sentences li:not([hidden]), .alerts li:not([hidden]), .more:not([hidden]), .unseen, figcaption, .clock")]
        .filter((one) => { const at = one.getBoundingClientRect(); return at.bottom > innerHeight + 1 || at.right > innerWidth + 1 || at.top < -1 || one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflowX === "hidden"; })
        .map((one) => one.className + one.textContent.slice(0, 40))"""
    )
    assert cut == [], name
    # Of the rows in a box that hides what is beyond it, none is cut through its middle.
    halved = page.evaluate(
        """[[".ladder", "li"], [".alerts ul", "li:not([hidden])"]].flatMap(([box, row]) => {
          const outer = document.querySelector(box)?.getBoundingClientRect();
          return [...document.querySelectorAll(`${box} ${row}`)].filter((one) => { const at = one.getBoundingClientRect(); return at.top < outer.top - 1 || at.bottom > outer.bottom + 1; })
            .map((one) => one.textContent.slice(0, 40)); })"""
    )
    assert halved == [], name
    overlapping = page.evaluate(
        """(() => { const boxes = [...document.querySelectorAll("header, .band, .sentences, .where, .river, .alerts")].map((one) => [one.className || one.tagName, one.getBoundingClientRect()]);
        const bad = []; for (const [a, x] of boxes) for (const [b, y] of boxes) if (a < b && x.left < y.right - 2 && y.left < x.right - 2 && x.top < y.bottom - 2 && y.top < x.bottom - 2) bad.push([a, b]); return bad; })()"""
    )
    assert overlapping == [], name
    hidden = page.evaluate("[...document.querySelectorAll('.sentences li[hidden]')].length")
    if hidden:
        assert "nơi nữa" in page.inner_text(".sentences .more")


@pytest.mark.parametrize(("width", "least"), [(1920, 44), (3840, 88)])
def test_states_and_sentences_on_the_wall_are_read_from_five_metres(
    width: int, least: int, shown: Shown, address: str, window: Open
) -> None:
    shown.moment = storm()
    page = window(width).open(f"{address}/wall")
    sizes = page.evaluate(
        """[...document.querySelectorAll("header h1, .clock, .sentences li p, .sentences .word, .alerts li p, .alerts li p > b")].map((one) => parseFloat(getComputedStyle(one).fontSize))"""
    )

    assert len(sizes) > 10
    assert min(sizes) >= least


def test_of_many_places_those_that_do_not_fit_are_counted_by_their_state(
    shown: Shown, address: str, window: Open
) -> None:
    shown.moment = MANY
    page = window(1920).open(f"{address}/wall")
    seen = page.evaluate("[...document.querySelectorAll('.sentences li:not([hidden])')].length")

    assert seen >= 2
    assert page.inner_text(".sentences .more").startswith(
        f"và {56 - seen} nơi nữa: {8 - seen} NGUY HIỂM, 8 CẢNH BÁO, 8 KHÔNG TIN ĐƯỢC"
    )
    drawn = page.evaluate("[...document.querySelectorAll('.alerts li:not([hidden])')].length")
    assert page.inner_text(".alerts .more") == f"và {10_000 - drawn:,} cảnh báo nữa đang mở".replace(",", ".")


@pytest.mark.parametrize("path", ["/", "/?embed=1", "/wall"])
@pytest.mark.parametrize(("name", "moment"), MOMENTS, ids=[moment[0] for moment in MOMENTS])
def test_axe_finds_nothing_serious(
    name: str, moment: Now, path: str, shown: Shown, address: str, window: Open
) -> None:
    shown.moment = moment
    page = window(1280 if path != "/wall" else 1920).open(address + path)
    found = Axe().run(page).response["violations"]

    serious = [
        (one["id"], one["nodes"][0]["html"][:120])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == [], name


@pytest.mark.parametrize(("name", "moment", "said"), BAD_DAYS, ids=[day[0] for day in BAD_DAYS])
def test_on_a_bad_day_no_pixel_of_a_badge_or_mark_is_green(
    name: str, moment: Now, said: str, shown: Shown, address: str, window: Open
) -> None:
    shown.moment = moment
    green = STATES[State.NORMAL].colour
    for path in ("/", "/wall"):
        page = window(1280).open(address + path)
        found = page.evaluate(
            """(green) => { const wanted = `rgb(${[1, 3, 5].map((at) => parseInt(green.slice(at, at + 2), 16)).join(", ")})`;
            return [...document.querySelectorAll("main *:not(.legend *)")].filter((one) => { const s = getComputedStyle(one); return [s.backgroundColor, s.fill, s.borderLeftColor].includes(wanted) && one.getClientRects().length; }).map((one) => one.outerHTML.slice(0, 80)); }""",
            green,
        )
        assert found == [], (name, path)
        assert (
            said.casefold() in page.inner_text("body").casefold()
            or "<script" in said
            or said.startswith("&lt;")
        )


def test_without_a_script_the_citizens_page_says_the_same(shown: Shown, address: str, window: Open) -> None:
    shown.moment = storm()
    with_, without = window(360).open(f"{address}/"), window(360, script=False).open(f"{address}/")

    assert without.inner_text("body") == with_.inner_text("body")
    assert "NGUY HIỂM" in without.inner_text("h1")


def test_a_phone_shows_the_danger_without_scrolling(shown: Shown, address: str, window: Open) -> None:
    shown.moment = storm()
    page = window(360).open(f"{address}/")
    for words in ("NGUY HIỂM", "4,87 m", "Cần làm gì"):
        assert page.get_by_text(words).first.bounding_box()["y"] < HEIGHTS[360], words


def test_it_prints_with_the_words_of_its_states(shown: Shown, address: str, window: Open) -> None:
    shown.moment = storm()
    page = window(1280).open(f"{address}/")
    page.emulate_media(media="print")

    assert page.pdf(format="A4").startswith(b"%PDF")
    assert "MẤT TÍN HIỆU" in page.inner_text("main")


def test_the_wall_becomes_another_by_itself_and_its_pictures_age(
    shown: Shown, address: str, window: Open
) -> None:
    shown.moment = quiet()
    seen = window(1920)
    page = seen.open(f"{address}/wall")
    assert "NGUY HIỂM" not in page.inner_text("#wall")
    shown.moment = storm()
    page.wait_for_selector(".sentences .edge-danger")
    assert "3 phút trước" in page.inner_text(".picture figcaption")
    assert page.evaluate("document.querySelector('.picture img').naturalWidth") == 1
    later = NOON + (NOON - shown.moment.pictures[0].at)
    shown.moment = msgspec.structs.replace(shown.moment, at=later)
    page.get_by_text("6 phút trước").wait_for()
    assert seen.errors == []


def test_a_wall_whose_server_is_gone_says_so_and_comes_back(shown: Shown, address: str, window: Open) -> None:
    shown.moment = quiet()
    page = window(1920).open(f"{address}/wall")
    page.route("**/wall?part=1", lambda one: one.abort())
    page.evaluate("window.phusaWall.forget()")
    page.evaluate("window.phusaWall.refresh()")
    assert page.inner_text("#lost").startswith("MẤT KẾT NỐI với máy chủ")
    assert page.locator("#lost").is_visible()
    page.unroute("**/wall?part=1")
    page.evaluate("window.phusaWall.refresh()")
    assert not page.locator("#lost").is_visible()


def test_a_wall_left_open_for_long_holds_no_more_memory(shown: Shown, address: str, window: Open) -> None:
    page = window(1920).open(f"{address}/wall")
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")

    def collected() -> dict[str, float]:
        client.send("HeapProfiler.collectGarbage")
        # A frame is drawn between two: what the last one still held can go with the next.
        page.evaluate("new Promise(done => requestAnimationFrame(() => done(0)))")
        return {one["name"]: one["value"] for one in client.send("Performance.getMetrics")["metrics"]}

    def many(times: int) -> None:
        for n in range(times):
            shown.moment = msgspec.structs.replace(
                storm() if n % 2 else quiet(), at=NOON + n * (NOON - storm().pictures[0].at)
            )
            page.evaluate("window.phusaWall.refresh()")

    # One a refresh would be 120 nodes, and is never collected; what is, takes several collections on a busy machine.
    allowed = {"Nodes": 60, "JSEventListeners": 2, "JSHeapUsedSize": 500_000}
    many(20)
    before = min((collected() for _ in range(5)), key=lambda one: one["Nodes"])
    many(120)
    for _ in range(40):
        after = collected()
        grown = {
            name: after[name] - before[name] for name in allowed if after[name] > before[name] + allowed[name]
        }
        if not grown:
            break
    assert grown == {}
