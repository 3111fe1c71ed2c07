"""What every message gateway's HTTP client shares: the network's failures as answers."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from models.alerting.phone import phone
from models.alerting.sending import Answer, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = structlog.get_logger(__name__)

CONTACTS = "contacts.json"
"""The secret file with the phone numbers, by the contact's id."""

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
WITHIN_S = 10.0
"""The whole of an answer: httpx counts each read alone, and a gateway that drips would hold a message for ever."""
BUSY = (429, 503)
"""The gateway says that it has not taken it."""
LOCKED_OUT = (401, 402, 403)
"""It takes nothing of this account: wrong key, no money, not allowed (RFC 9110, 15.5.2 to 15.5.4)."""
AGAIN = ("retry-after", "x-rate-limit-reset")
"""Headers by which it says in how many seconds it will: RFC 9110, 10.2.3, and that of frameworks with a limit a minute."""
MOST_BYTES = 256 * 1024
"""Of an answer, which has some hundred: what sends more is no gateway of ours, and would fill the memory of all ways."""
LONGEST_AGAIN_S = 3600.0
"""A longer time is not believed: asking once too often costs nothing."""

# Nothing of the request can have arrived.
_NEVER_ASKED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


def client(timeout: httpx.Timeout = TIMEOUT) -> httpx.AsyncClient:
    """One client a sender: it keeps its connections."""
    return httpx.AsyncClient(timeout=timeout, limits=httpx.Limits(max_connections=40))


async def ask(
    own: httpx.AsyncClient, url: str, *, within_s: float = WITHIN_S, explains: bool = False, **request: Any
) -> dict[str, Any] | Sent:
    """POST and return the JSON object of the answer; a Sent (retry, doubt) where there is none.

    `explains`: the service says in the body of a 4xx why it refuses, so that this is returned too. The text of an exception is
    not repeated: it may hold the address with its secrets.
    """
    try:
        async with asyncio.timeout(within_s), own.stream("POST", url, **request) as answer:
            body = await _body(answer)
    except TimeoutError:
        return Sent(
            Answer.DOUBT, "TimeoutError", f"cổng không trả lời trong {within_s:g} s (no answer in time)"
        )
    except _NEVER_ASKED as error:
        return Sent(Answer.RETRY, type(error).__name__, "không tới được cổng (gateway not reached)")
    except httpx.HTTPError as error:
        return Sent(Answer.DOUBT, type(error).__name__, "cổng không trả lời (no answer)")
    code = f"HTTP {answer.status_code}"
    if answer.status_code in BUSY:
        return Sent(Answer.RETRY, code, "cổng bận (gateway busy)", again_s=_again_s(answer))
    if answer.is_server_error:
        # Some proxy in between may speak for a gateway that took the message.
        return Sent(Answer.DOUBT, code, "cổng lỗi (gateway failed)")
    try:
        found = _storable(json.loads(body))
    except (ValueError, RecursionError):
        found = None
    if answer.is_error and not (explains and isinstance(found, dict)):
        if answer.status_code in LOCKED_OUT:
            return Sent(Answer.STOPPED, code, "cổng không nhận tài khoản (account not taken)")
        return Sent(Answer.REFUSED, code, "cổng từ chối yêu cầu (request refused)")
    if not isinstance(found, dict):
        return Sent(Answer.DOUBT, code, "câu trả lời không đọc được (answer unreadable)")
    return found


async def _body(answer: httpx.Response) -> bytes:
    """The body; of one that has more than MOST_BYTES so much that it cannot be read, and the rest is left."""
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            return b""
    return bytes(body)


def _storable(found: Any) -> Any:
    """Its texts without what no store takes, a NUL and half a character: an id of theirs stands in ours."""
    if isinstance(found, str):
        return "".join(one for one in found if one.isprintable())
    if isinstance(found, dict):
        return {name: _storable(value) for name, value in found.items()}
    return [_storable(value) for value in found] if isinstance(found, list) else found


def _again_s(answer: httpx.Response) -> float:
    written = next((answer.headers[name] for name in AGAIN if name in answer.headers), "")
    # A date, which RFC 9110 allows too, would have to be compared with a clock that is not ours.
    return min(LONGEST_AGAIN_S, float(written)) if written.isdecimal() and written.isascii() else 0.0


def without_phone(contact: str) -> Sent:
    """Refused by name: contacts.json has no number of this contact."""
    return Sent(Answer.REFUSED, "no-phone", f"{contact}: không có số điện thoại (no phone number)")


def phones(folder: Path) -> dict[str, str]:
    """Who has which number, by the contact's id, from contacts.json in the folder of secrets: 84..., digits only.

    However a number is written there it is brought to this one form; a contact whose number is none has none, and is told so by
    `phusa check` and in the log, by id and never by digits.
    """
    found = _numbers(folder)
    wrong = sorted(contact for contact, number in found.items() if number is None)
    if wrong:
        log.warning("no_phone_number", contacts=wrong)
    return {contact: number for contact, number in found.items() if number is not None}


def phone_mistakes(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Contacts of contacts.json whose number is none, or another's too: (contact, vi, en); no digits. No file: nothing to tell."""
    owners: dict[str, str] = {}
    if not (folder / CONTACTS).exists():
        return
    for contact, number in _numbers(folder).items():
        if number is None:
            yield (
                contact,
                "một số điện thoại Việt Nam, ví dụ dạng 09… hoặc +84…",
                "one phone number of Vietnam, as 09… or +84…",
            )
        elif number in owners:
            other = owners[number]
            yield (
                contact,
                f"số riêng, không trùng với {other}",
                f"a number of its own, not that of {other}: whose would an answer be?",
            )
        else:
            owners[number] = contact


def _numbers(folder: Path) -> dict[str, str | None]:
    return {str(contact): phone(str(number)) for contact, number in secret(folder / CONTACTS).items()}


def secret(path: Path) -> dict[str, Any]:
    """A secret file; raises FileNotFoundError or ValueError that names the file, never its content."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        msg = f"{path}: không phải JSON, dòng {error.lineno} (not JSON, line {error.lineno})"
        raise ValueError(msg) from None
    if not isinstance(found, dict):
        msg = f"{path}: cần một đối tượng JSON (expected a JSON object)"
        raise ValueError(msg)
    return found
