"""The key that signs links to the phone page, from its secret file, and who makes the links: the delivery, at sending time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from models.alerting import link

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from connectors.settings import Settings

log = structlog.get_logger(__name__)

KEY_FILE = "page_links"
"""In the folder of secrets; made by `phusa up`. A new one ends every link that is out."""


class LinkKeyError(ValueError):
    """There is no key that could sign; the text names the file, never its content."""


def key(settings: Settings) -> bytes:
    """The key; raises LinkKeyError where the file is missing or too short."""
    try:
        found = settings.secret(KEY_FILE)
    except (OSError, UnicodeDecodeError):
        found = ""
    if len(found) < link.LEAST_KEY:
        msg = f"secrets/{KEY_FILE}: cần ít nhất {link.LEAST_KEY} ký tự, `phusa up` tạo ra (expected at least {link.LEAST_KEY} characters, `phusa up` makes it)"
        raise LinkKeyError(msg)
    return found.encode()


def maker(settings: Settings) -> Callable[[int, str, datetime], str]:
    """(number of the event, contact, when its notification was made) -> the link; "" where this installation has none.

    A message never waits for its link: where there is no key, or a number that no token holds, it goes without.
    """
    base = settings.page_public_url
    if base is None:
        return lambda _number, _contact, _sent: ""
    try:
        signing = key(settings)
    except LinkKeyError as error:
        log.error("messages_without_links", reason=str(error))  # noqa: TRY400 (its text says all)
        return lambda _number, _contact, _sent: ""

    def made(number: int, contact: str, sent: datetime) -> str:
        try:
            token = link.token(signing, number, contact, link.ends(sent, settings.page_link_h))
        except ValueError as error:
            log.warning("message_without_link", reason=str(error))
            return ""
        return link.address(base, token)

    return made
