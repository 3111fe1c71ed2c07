"""What nobody takes: in red on the wall until somebody does, and the steps on the screen of messages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from connectors.page.store import Source
from connectors.timescale import reference
from models.catalogue.states import STATES, State
from tests.dashboards.seeded import EXAMPLE, clock
from tests.dashboards.test_wall import STYLES, TAGS, _Seen
from tests.dashboards.windows import answer, expand, target, variable
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
RED = f"background:{STATES[State.DANGER].colour};color:#fff"
PLACE = EXAMPLE.flood_places[0]
RING = ", ".join(f"{one.name} {one.number}" for one in EXAMPLE.routing.ring) if EXAMPLE.routing else ""


class Store:
    def __init__(self, admin: str, reader: str) -> None:
        self.admin, self.reader = admin, reader

    def run(self, sql: str, *values: object) -> None:
        with psycopg.connect(self.admin, options="-csearch_path=phusa,public") as connection:
            connection.execute(sql.encode(), values)

    def event(self, name: str = "water", *, exercise: bool = False, opened: str = "13:00") -> None:
        self.run(
            "insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values (%s, %s, %s, %s, 3, 3, %s)",
            name,
            f"water:{PLACE.id}",
            clock(opened),
            clock(opened),
            exercise,
        )

    def step(self, at: str, step: str, vi: str, name: str = "water") -> None:
        self.run(
            "insert into event_step (event, key, at, level, step, vi, en) values (%s, %s, %s, 3, %s, %s, %s)",
            name,
            f"{step}:{at}",
            clock(at),
            step,
            vi,
            vi,
        )

    def answers(self, at: str, kind: str = "taken") -> None:
        self.run(
            "insert into answer (key, at, way, contact, event, kind) values (%s, %s, 'sms', 'chairman', 'water', %s)",
            at,
            clock(at),
            kind,
        )

    def wall(self, until: str) -> str:
        """What stands above the places."""
        (row,) = answer(self.reader, expand(variable("wall", "wall_places"), clock("00:00"), clock(until)))
        (told,) = row.values()
        return str(told).partition("</div></div>")[0] if RED in str(told) else ""

    def page(self, until: str) -> list[tuple[str, str, str]]:
        source = Source(self.reader, lambda: clock(until), [])
        try:
            now = asyncio.run(source.now())
        finally:
            source.close()
        assert now.trouble is None
        return [(one.title, one.name, one.ring) for one in now.nobody]


@pytest.fixture(scope="module")
def base(server_dsn: str, secrets: dict[str, str]) -> Iterator[Store]:
    with empty_store(server_dsn, secrets, "nobody") as admin:
        reference.load(admin, EXAMPLE)
        yield Store(admin, as_role(admin, secrets, "reader"))


@pytest.fixture
def store(base: Store) -> Iterator[Store]:
    yield base
    base.run("truncate event, event_step, answer cascade")


NOBODY = "CHƯA AI NHẬN, không còn ai để gọi"


def test_the_band_stands_from_when_nobody_is_left_to_when_somebody_takes_it(store: Store) -> None:
    store.event()
    store.step("13:20", "nobody", NOBODY)
    store.answers("13:10")  # before: it did not help
    store.answers("13:25", "false")
    store.answers("13:40")

    assert store.wall("13:19") == ""
    told = store.wall("13:30")
    assert f"CHƯA AI NHẬN: {PLACE.name} từ\xa013:20" in told
    assert f"GỌI: {RING}" in told
    assert store.wall("13:41") == ""
    assert [len(store.page(until)) for until in ("13:19", "13:30", "13:41")] == [0, 1, 0]
    assert store.page("13:30") == [("CHƯA AI NHẬN", PLACE.name, RING)]


def test_the_band_goes_with_the_end_of_the_event(store: Store) -> None:
    store.event()
    store.step("13:20", "nobody", NOBODY)
    store.run("update event set closed_at = %s, level = 0", clock("14:00"))

    assert [store.wall(until) != "" for until in ("13:59", "14:00")] == [True, False]
    assert [len(store.page(until)) for until in ("13:59", "14:00")] == [1, 0]


def test_a_drill_says_so_and_stands_behind_what_is_true(store: Store) -> None:
    store.event("drill", exercise=True)
    store.event()
    store.step("13:10", "nobody", NOBODY, "drill")
    store.step("13:20", "nobody", "CẦN GIÚP, Phó thôn, không còn ai để gọi")

    assert [title for title, _, _ in store.page("13:30")] == ["CẦN GIÚP", "DIỄN TẬP: CHƯA AI NHẬN"]


def test_more_than_two_are_counted(store: Store) -> None:
    for number in range(4):
        store.run(
            "insert into event (id, place, opened_at, risen_at, level, peak_level) values (%s, %s, %s, %s, 3, 3)",
            f"e{number}",
            f"air:nơi-{number}",
            clock("13:00"),
            clock("13:00"),
        )
        store.step(f"13:1{number}", "nobody", NOBODY, f"e{number}")
    told = store.wall("13:30")

    assert [f"nơi-{number}" in told for number in range(4)] == [True, True, False, False]
    assert "và 2 nơi nữa" in told


def test_the_band_passes_grafana_s_sanitiser_and_a_name_with_markup_is_not_obeyed(store: Store) -> None:
    store.event()
    store.step("13:20", "nobody", "<script>x</script> & y, z")
    (row,) = answer(store.reader, expand(variable("wall", "wall_places"), clock("00:00"), clock("13:30")))
    seen = _Seen()
    seen.feed(str(row["html"]))

    assert seen.tags <= TAGS
    assert seen.styles <= STYLES
    assert "&lt;script>x&lt;/script> &amp; y" in str(row["html"])


def test_the_screen_of_messages_tells_every_step_and_answer_in_their_order(store: Store) -> None:
    store.event()
    for at, step, vi in (
        ("13:00", "told", "báo Trưởng thôn"),
        ("13:05", "called", "gọi Phó thôn, bậc 1"),
        ("13:20", "nobody", NOBODY),
        ("13:30", "over", "đã hết"),
    ):
        store.step(at, step, vi)
    store.answers("13:25")
    store.answers("13:26", "false")
    rows = answer(
        store.reader,
        expand(target("messages", "Từ sự kiện tới người hành động"), clock("00:00"), clock("14:00")),
    )

    assert [(row["Lúc"][:5], row["Bước"]) for row in rows] == [
        ("13:30", "hết"), ("13:25", "nhận, đi"), ("13:20", "CHƯA AI NHẬN"), ("13:05", "gọi"), ("13:00", "báo"),
    ]  # fmt: skip
    assert {row["Nơi"] for row in rows} == {PLACE.name}
    assert rows[1]["Nội dung"].endswith(": tôi đi")
