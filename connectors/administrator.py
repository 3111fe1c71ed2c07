"""The other way to the administrator: when the platform itself does not carry messages any more, a webhook or a mail server does.

It needs nothing of ours but the secret file administrator.json:

    {"webhook": "https://...",
     "mail": {"server": "smtp.example.vn", "port": 587, "user": "...", "password": "...", "sender": "...", "to": ["..."]}}

Either may be left out. The webhook is called with {"title", "text"}; mail goes by STARTTLS, in clear only to this machine.
Delivery: at least once: who was not answered is asked again.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING, Annotated

import httpx
import msgspec
import structlog

from connectors.security import is_loopback

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger(__name__)

FILE = "administrator.json"
WITHIN_S = 10.0


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mail server that takes our messages, and who gets them."""

    server: str
    sender: str
    to: Annotated[list[str], msgspec.Meta(min_length=1)]
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    user: str | None = None
    password: str | None = None


class Administrator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the administrator is told; nothing of it: he is not."""

    webhook: Annotated[str, msgspec.Meta(pattern="^https?://")] | None = None
    mail: Mail | None = None

    @property
    def reachable(self) -> bool:
        """Whether there is a way."""
        return self.webhook is not None or self.mail is not None


def administrator(secrets: Path) -> Administrator:
    """What the secret file says; no file: no way. Raises ValueError that names the file and what is expected, never its content."""
    path = secrets / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Administrator)
    except FileNotFoundError:
        return Administrator()
    except msgspec.ValidationError as error:
        msg = f"{path}: {error}"
        raise ValueError(msg) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        msg = f"{path}: không phải JSON (expected JSON)"
        raise ValueError(msg) from None


def tell(own: Administrator, subject: str, text: str) -> bool:
    """Tell by every way there is; True: one took it. Never raises for what the network or the other side does."""
    taken = []
    if own.webhook is not None:
        taken.append(_call(own.webhook, subject, text))
    if own.mail is not None:
        taken.append(_mail(own.mail, subject, text))
    return any(taken)


def _call(url: str, subject: str, text: str) -> bool:
    # The text of an exception is not repeated: it may hold the address with its secret.
    try:
        answer = httpx.post(url, json={"title": subject, "text": f"{subject}\n{text}"}, timeout=WITHIN_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("administrator_not_reached", way="webhook", error=type(error).__name__)
        return False
    if not answer.is_success:
        log.error("administrator_not_reached", way="webhook", error=f"HTTP {answer.status_code}")
    return answer.is_success


def _mail(own: Mail, subject: str, text: str) -> bool:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, own.sender, ", ".join(own.to)
    message.set_content(text)
    try:
        with smtplib.SMTP(own.server, own.port, timeout=WITHIN_S) as server:
            if not is_loopback(own.server):
                server.starttls(context=ssl.create_default_context())
            if own.user is not None:
                server.login(own.user, own.password or "")
            refused = server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("administrator_not_reached", way=type(own).__name__, error=type(error).__name__)
        return False
    return not refused
