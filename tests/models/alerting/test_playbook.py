"""The playbook: each kind and level has its page, and what is wrong in one is named with its line."""

from __future__ import annotations

import msgspec
import pytest

from connectors.commune import load
from connectors.playbook import pages_of
from connectors.settings import ROOT
from models.alerting.playbook import LONGEST, OFFICES, markdown, page_for, playbook_mistakes, raised, read
from models.catalogue.kinds import Kind

EXAMPLE = load(ROOT / "infra" / "commune")
PAGES = pages_of(ROOT / "infra" / "commune")
GOOD = "# Tên\n\n## Làm ngay\n- Đi xem.\n\n## Gọi ai\n- **trưởng thôn**: hỏi.\n- **114**\n- Trạm y tế xã\n\n## English: Title\n- Go and look.\n"


def test_each_kind_and_each_level_that_the_commune_can_raise_has_a_page() -> None:
    assert [f"{kind}-{level}" for kind, level in raised(EXAMPLE) if f"{kind}-{level}" not in PAGES] == []
    assert {kind for kind, _ in raised(EXAMPLE)} == set(Kind)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_read_back_as_it_was_written(name: str) -> None:
    text = markdown(PAGES[name])

    assert read(f"{name}.md", text).page == PAGES[name]
    assert len(text.splitlines()) <= LONGEST


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_of_the_highest_level_of_water_fish_or_people_names_a_number_that_everybody_may_call(
    name: str,
) -> None:
    page = PAGES[name]
    if page.kind in (Kind.RIVER, Kind.RAIN, Kind.FLOOD, Kind.CROWD) and page.level == max(
        one.level for one in PAGES.values() if one.kind is page.kind
    ):
        assert {ring.who for ring in page.ring} & set(OFFICES)


@pytest.mark.parametrize(
    ("name", "file", "text", "line", "found"),
    [
        ("no kind of ours", "fire-1.md", GOOD, 1, "fire-1.md"),
        ("a level beyond five", "river-6.md", GOOD, 1, "river-6.md"),
        ("no level", "river.md", GOOD, 1, "river.md"),
        ("no title", "river-1.md", GOOD.removeprefix("# Tên\n"), 1, "#"),
        ("no steps", "river-1.md", GOOD.replace("- Đi xem.\n", ""), 1, "## Làm ngay"),
        ("nobody to ring", "river-1.md", GOOD.replace("## Gọi ai\n", ""), 1, "## Gọi ai"),
        ("no English", "river-1.md", GOOD.partition("## English")[0], 1, "## English: "),
        ("a section of its own", "river-1.md", GOOD + "## Khác\n", 13, "## Khác"),
        ("a section twice", "river-1.md", GOOD + "## Làm ngay\n", 13, "## Làm ngay"),
        ("a line that is no step", "river-1.md", GOOD + "và nữa\n", 13, "và nữa"),
        ("a page too long", "river-1.md", GOOD + "- Đi xem.\n" * 60, 61, "72"),
        ("a line too long", "river-1.md", GOOD + "- " + "x" * 139 + "\n", 13, "- " + "x" * 139),
        ("an empty page", "river-1.md", "", 1, "#"),
    ],
)
def test_what_is_wrong_in_a_page_is_named_with_its_line(
    name: str, file: str, text: str, line: int, found: str
) -> None:
    reading = read(file, text)

    assert reading.page is None
    assert (line, found) in [
        (one.path[1], one.found.removeprefix(f"{file}: ")) for one in reading.mistakes
    ], name


def test_who_is_in_bold_is_a_role_of_the_commune_or_a_number_of_an_office() -> None:
    page = read("river-1.md", GOOD.replace("trưởng thôn", "thôn trưởng")).page
    assert page is not None
    found = playbook_mistakes({**PAGES, "river-1": page}, [], EXAMPLE)

    assert [(one.path, one.found.rpartition(": ")[2]) for one in found] == [
        (("river-1.md", 1), "thôn trưởng")
    ]


def test_a_page_that_is_missing_is_named_and_one_that_is_wrong_is_not_missing_too() -> None:
    fewer = {name: page for name, page in PAGES.items() if name not in ("river-2", "air-1")}

    assert [one.path for one in playbook_mistakes(fewer, ["air-1"], EXAMPLE)] == [("river-2.md", 1)]


@pytest.mark.parametrize(
    ("kind", "level", "page"),
    [
        ("river", 3, "river-3"),
        ("river", 5, "river-3"),
        ("oxygen", 2, "oxygen-2"),
        ("silent", 3, "silent-1"),
        ("fire", 1, None),
    ],
)
def test_an_alert_has_the_page_of_its_level_or_of_the_next_lower_one(
    kind: str, level: int, page: str | None
) -> None:
    found = page_for(PAGES, kind, level)

    assert (None if found is None else found.name) == page


def test_a_level_that_is_added_to_a_rule_wants_a_page() -> None:
    rule = EXAMPLE.rules[0]
    more = msgspec.structs.replace(
        rule, levels=[*rule.levels, msgspec.structs.replace(rule.levels[-1], level=4)]
    )
    changed = msgspec.structs.replace(EXAMPLE, rules=[more, *EXAMPLE.rules[1:]])

    assert [one.path for one in playbook_mistakes(PAGES, [], changed)] == [("river-4.md", 1)]
