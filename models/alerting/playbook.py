"""What to do and whom to ring when an alert of a kind reaches a level: one page each, written by the commune.

A page is a small text in Markdown, read at two in the morning on a telephone:

    # Oxy dưới mức 2: cứu cá ngay            the title, Vietnamese
    ## Làm ngay                              what to do, one short line each
    - Bật hết máy sục khí.
    ## Gọi ai                                whom to ring: a role of contacts.yaml or an office's number in **bold**, else plain
    - **hợp tác xã**: mượn thêm máy.
    ## English: Oxygen below level 2         the same, shorter
    - Start every aerator.

Nothing else stands in it, so that it is the same on paper, on the page and in a message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from models.catalogue.kinds import KINDS, Kind
from models.envelope.mistake import Mistake, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from models.commune.configuration import Commune

LONGEST, WIDEST = 60, 140
"""Lines of a page, characters of a line: more is not read in the rain."""
DO, RING, ENGLISH = "## Làm ngay", "## Gọi ai", "## English: "
OFFICES = ("111", "112", "113", "114", "115")
"""Numbers that every telephone in Vietnam may call: children's line, search and rescue, police, fire and rescue, ambulance."""
_NAME = re.compile(r"^(?P<kind>[a-z_]+)-(?P<level>[1-5])$")
_BOLD = re.compile(r"^\*\*(?P<who>[^*]+)\*\*(?::\s*(?P<what>.+))?$")
_HIGHEST = 5


class Ring(msgspec.Struct, frozen=True):
    """Whom to ring: `who` is a role or an office's number where `named`, else the line as it stands."""

    who: str
    what: str = ""
    named: bool = True


class Page(msgspec.Struct, frozen=True):
    """A page of the playbook."""

    kind: Kind
    level: int
    title: str
    steps: list[str]
    ring: list[Ring]
    title_en: str
    english: list[str]

    @property
    def name(self) -> str:
        """What it is called in addresses and as a file, without its ending."""
        return page_name(self.kind, self.level)


class Reading(msgspec.Struct, frozen=True):
    """A page as it was read, and what is wrong with it; with a mistake there is no page. Mistakes have the path (file, line)."""

    page: Page | None
    mistakes: list[Mistake]


def page_name(kind: str, level: int) -> str:
    """The name of the page of a kind at a level.

    >>> page_name("river", 3)
    'river-3'
    """
    return f"{kind}-{level}"


def page_for(pages: Mapping[str, Page], kind: str, level: int) -> Page | None:
    """The page for an alert: of its level, else of the next lower one that has a page; None: there is none."""
    names = (page_name(kind, one) for one in range(level, 0, -1))
    return next((pages[name] for name in names if name in pages), None)


def raised(commune: Commune) -> list[tuple[Kind, int]]:
    """Each kind and level that this commune can raise, the most important kind first.

    Levels stand in its rules (those of its fish among them) and its cameras' zones; kinds whose levels are always the same have them in
    models/catalogue/kinds.py.
    """
    ruled = {(rule.kind, level.level) for rule in commune.rules for level in rule.levels}
    seen = {
        (zone.analytic.kind, level.level)
        for camera in commune.cameras
        for zone in camera.zones
        for level in zone.levels
    }
    always = {(code, n) for code, row in KINDS.items() for n, _ in enumerate(row.levels, 1)}
    order = list(KINDS)
    return sorted(ruled | seen | always, key=lambda one: (order.index(one[0]), one[1]))


def read(file: str, text: str) -> Reading:
    """The page in `file` (a name such as river-3.md) with what is wrong with it."""
    found = list(_named(file))
    lines = text.splitlines()
    if len(lines) > LONGEST:
        found.append(
            _slip(file, LONGEST + 1, f"{len(lines)}", f"tối đa {LONGEST} dòng", f"at most {LONGEST} lines")
        )
    title, parts = "", dict[str, list[str]]()
    english, part = "", ""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(line) > WIDEST:
            found.append(_slip(file, number, line, f"tối đa {WIDEST} ký tự", f"at most {WIDEST} characters"))
        if number == 1 and line.startswith("# "):
            title = line.removeprefix("# ").strip()
        elif line.startswith("## "):
            part = _section(line)
            english = line.removeprefix(ENGLISH).strip() if part == ENGLISH else english
            found += _new_section(file, number, line, part, parts)
        elif line.startswith("- ") and part:
            parts[part].append(line.removeprefix("- ").strip())
        else:
            found.append(_slip(file, number, line, *_EXPECTED))
    found += _whole(file, title, english, parts)
    if found:
        return Reading(None, found)
    kind, _, level = file.removesuffix(".md").rpartition("-")
    rings = [_ring(line) for line in parts[RING]]
    return Reading(Page(Kind(kind), int(level), title, parts[DO], rings, english, parts[ENGLISH]), [])


_EXPECTED = (
    f"dòng đầu `# tên`, rồi `{DO}`, `{RING}`, `{ENGLISH}tên`, mỗi việc một dòng `- …`",
    f"first `# title`, then `{DO}`, `{RING}`, `{ENGLISH}title`, each step a line `- …`",
)


def _named(file: str) -> Iterator[Mistake]:
    """The file's name is a kind and a level."""
    name = _NAME.match(file.removesuffix(".md"))
    if name is None or name["kind"] not in set(Kind):
        choice = ", ".join(Kind)
        yield _slip(file, 1, file, f"<loại>-<mức 1-{_HIGHEST}>.md, loại là một trong: {choice}",
                    f"<kind>-<level 1-{_HIGHEST}>.md, the kind one of: {choice}")  # fmt: skip


def _section(line: str) -> str:
    """Which of the three sections a heading begins; empty: none of them."""
    if line.startswith(ENGLISH):
        return ENGLISH
    return line.strip() if line.strip() in (DO, RING) else ""


def _new_section(
    file: str, number: int, line: str, part: str, parts: dict[str, list[str]]
) -> Iterator[Mistake]:
    if not part:
        yield _slip(file, number, line, *_EXPECTED)
    elif part in parts:
        yield _slip(file, number, line, "mỗi phần chỉ một lần", "each section only once")
    else:
        parts[part] = []


def _whole(file: str, title: str, english: str, parts: Mapping[str, list[str]]) -> Iterator[Mistake]:
    """Title, steps, whom to ring, English: none is left out."""
    if not title:
        yield _slip(file, 1, "#", "tên trang ở dòng đầu: `# tên`", "a title in the first line: `# title`")
    for section in (DO, RING, ENGLISH):
        if not parts.get(section):
            yield _slip(
                file,
                1,
                section,
                f"ít nhất một dòng `- …` dưới `{section}`",
                f"at least one line `- …` under `{section}`",
            )
    if not english and parts.get(ENGLISH):
        yield _slip(file, 1, ENGLISH, "tên tiếng Anh", "an English title")


def _ring(line: str) -> Ring:
    named = _BOLD.match(line)
    return (
        Ring(line, named=False)
        if named is None
        else Ring(named["who"].strip(), (named["what"] or "").strip())
    )


def _slip(file: str, line: int, found: str, vi: str, en: str) -> Mistake:
    return wrong((file, line), found, vi, en)


def playbook_mistakes(pages: Mapping[str, Page], unread: Iterable[str], commune: Commune) -> list[Mistake]:
    """What is missing in a playbook, and who is named in it and does not exist; `unread` are names of pages with mistakes of their own."""
    known = {contact.role for contact in commune.contacts} | set(OFFICES)
    known |= {office.number for office in commune.routing.ring} if commune.routing else set()
    broken = set(unread)
    names = [page_name(*one) for one in raised(commune)]
    missing = [
        _slip(f"{name}.md", 1, "?", "một trang cho loại và mức này", "a page for this kind and level")
        for name in names
        if name not in pages and name not in broken
    ]
    strangers = [
        _slip(f"{page.name}.md", 1, ring.who, f"vai trò trong contacts.yaml hay số máy chung: {', '.join(sorted(known))}",
              "a role of contacts.yaml or an office's number")
        for page in pages.values()
        for ring in page.ring
        if ring.named and ring.who not in known
    ]  # fmt: skip
    return [*missing, *strangers]


def markdown(page: Page) -> str:
    """The page as text, in the one form that `read` takes.

    Read back it is the same page.
    """
    rings = [
        f"- **{one.who}**{': ' + one.what if one.what else ''}" if one.named else f"- {one.who}"
        for one in page.ring
    ]
    parts = ["# " + page.title, DO, *(f"- {step}" for step in page.steps), RING, *rings]
    return "\n".join([*parts, ENGLISH + page.title_en, *(f"- {step}" for step in page.english)]) + "\n"
