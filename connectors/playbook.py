"""The folder `playbook` of the commune: read for the page and the store, checked by `phusa check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from connectors.commune import Finding
from connectors.misfit import hide
from models.alerting.playbook import Reading, playbook_mistakes, read

if TYPE_CHECKING:
    from pathlib import Path

    from models.alerting.playbook import Page
    from models.commune.configuration import Commune
    from models.envelope.mistake import Mistake

log = structlog.get_logger(__name__)

FOLDER = "playbook"


def pages_of(folder: Path) -> dict[str, Page]:
    """The pages that can be read, by name (river-3), of the commune's `folder`; the others are named in the log.

    A commune without the folder has none.
    """
    found: dict[str, Page] = {}
    for name, reading in _readings(folder).items():
        if reading.page is None:
            log.warning("playbook_page_left_out", file=name, mistakes=len(reading.mistakes))
        else:
            found[reading.page.name] = reading.page
    return found


def check(folder: Path, commune: Commune) -> list[Finding]:
    """Every mistake of the playbook with its line; a commune without the folder has none."""
    if not (folder / FOLDER).is_dir():
        return []
    readings = _readings(folder)
    pages = {one.page.name: one.page for one in readings.values() if one.page is not None}
    unread = [name.removesuffix(".md") for name, one in readings.items() if one.page is None]
    found = [mistake for one in readings.values() for mistake in one.mistakes]
    found += playbook_mistakes(pages, unread, commune)
    return [*(_finding(mistake) for mistake in found), *_numbers(folder)]


def _readings(folder: Path) -> dict[str, Reading]:
    return {path.name: _read(path) for path in sorted((folder / FOLDER).glob("*.md"))}


def _read(path: Path) -> Reading:
    try:
        return read(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        from models.envelope.mistake import wrong

        return Reading(
            None, [wrong((path.name, 1), "?", "tập tin đọc được, mã UTF-8", "a readable file in UTF-8")]
        )


def _finding(mistake: Mistake) -> Finding:
    file, line = mistake.path
    found = hide(mistake.found)
    return Finding(f"{FOLDER}/{file}", int(line), found, mistake.expected_vi, mistake.expected_en)


def _numbers(folder: Path) -> list[Finding]:
    """Lines with a person's telephone number: it belongs into the secret file, the page names the role."""
    vi = "không có số điện thoại riêng; số nằm trong VAR/secrets/contacts.json"
    en = "no person's phone number; numbers stand in VAR/secrets/contacts.json"
    return [
        Finding(f"{FOLDER}/{path.name}", number, hide(line.strip()), vi, en)
        for path in sorted((folder / FOLDER).glob("*.md"))
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if hide(line) != line
    ]
