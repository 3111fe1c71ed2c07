"""The playbook on the page: `/so-tay` lists its pages, `/so-tay/{kind}-{level}` is one of them.

For everybody, without a script, and from files: it answers also when the store is away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from connectors.page.views import templates
from models.alerting.playbook import page_for
from models.catalogue.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from models.alerting.playbook import Page

ADDRESS = "/so-tay"
KEPT_S = 3600
"""A page changes with the configuration only."""


def routes(
    pages: Mapping[str, Page], commune: str, answer: Callable[[Request, str, int], Response]
) -> list[Route]:
    """The two routes; `answer` makes of a page's text an answer that may be kept for so many seconds."""

    async def listed(request: Request) -> Response:
        return answer(request, listing(pages, commune), KEPT_S)

    async def one(request: Request) -> Response:
        kind, _, level = request.path_params["name"].rpartition("-")
        page = page_for(pages, kind, min(int(level), 5)) if level.isdecimal() else None
        if page is None:
            raise HTTPException(404, "sổ tay chưa có trang này (the playbook has no such page)")
        return answer(request, written(page, commune), KEPT_S)

    return [Route(ADDRESS, listed), Route(f"{ADDRESS}/{{name}}", one)]


def written(page: Page, commune: str) -> str:
    """One page as HTML."""
    return (
        templates().get_template("playbook.html.j2").render(page=page, kind=KINDS[page.kind], commune=commune)
    )


def listing(pages: Mapping[str, Page], commune: str) -> str:
    """All pages by kind, the most important kind first."""
    by_kind = [
        (
            row,
            sorted((page for page in pages.values() if page.kind is row.code), key=lambda page: -page.level),
        )
        for row in KINDS.values()
    ]
    return templates().get_template("playbook_list.html.j2").render(by_kind=by_kind, commune=commune)
