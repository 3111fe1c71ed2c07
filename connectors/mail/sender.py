"""E-mail over SMTP: a title as subject, the lines of the message as plain text.

Delivery: the Message-ID is made of our key, so that a repetition can be recognised where it is read; no server is bound to
recognise it, so that a message whose answer was lost stays in doubt. Until the text is handed over, a connection that breaks has
surely sent nothing. With smtplib in threads of its own: its steps tell these two apart, and it needs no other package.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from connectors import clock, http
from connectors.webhook.fields import printable
from models.alerting.long_text import text_with_link
from models.alerting.sending import Answer, Codes, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.settings import Settings

TAKEN = 250
FORWARDS = (250, 251)
"""A receiver is taken, 251: and will be forwarded."""
STEP_S = 10.0
"""Each step before the text is handed over; RFC 5321 allows minutes, a warning has none."""
TOGETHER = 4
"""Threads, each with a connection of its own: mail is never the fastest way."""
CODES = Codes(
    retry={
        "421": "máy chủ thư tạm ngừng (service not available)",
        "450": "hộp thư bận (mailbox busy)",
        "451": "máy chủ thư lỗi, thử lại sau (local error, later)",
        "452": "máy chủ thư hết chỗ (out of storage)",
        "455": "máy chủ thư chưa nhận tham số (parameters not taken now)",
    },
    stopped={
        "530": "cần đăng nhập hoặc mã hoá (login or encryption required)",
        "534": "cách đăng nhập quá yếu (login too weak)",
        "535": "sai tên hoặc mật khẩu (wrong user or password)",
        "538": "đăng nhập cần mã hoá (login needs encryption)",
    },
    refused={
        "500": "lệnh không được hiểu (command not understood)",
        "501": "sai tham số (wrong parameter)",
        "502": "lệnh không có (command not implemented)",
        "503": "sai thứ tự lệnh (wrong order of commands)",
        "504": "tham số không có (parameter not implemented)",
        "521": "máy chủ không nhận thư (host takes no mail)",
        "541": "thư bị chặn (refused as spam)",
        "550": "không có hộp thư này hoặc bị chặn (no such mailbox, or blocked)",
        "551": "hộp thư ở nơi khác (mailbox elsewhere)",
        "552": "hộp thư đầy hoặc thư quá lớn (mailbox full, or mail too big)",
        "553": "sai địa chỉ (wrong address)",
        "554": "thư bị từ chối (refused)",
        "555": "tham số không được nhận (parameters not taken)",
        "556": "tên miền không nhận thư (domain takes no mail)",
    },
)


class MailAccount(msgspec.Struct, frozen=True):
    """The secret file mail.json; `addresses` by the contact's id, `user` empty where the server wants no login."""

    sender: str
    addresses: dict[str, str]
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Without password and addresses: this may stand in a log."""
        return f"MailAccount(sender={self.sender!r})"


class MailSender:
    """One mailbox of ours at one server, `smtp://host:587` (STARTTLS, except on this machine) or `smtps://host:465`."""

    idempotent = CHANNELS[Channel.MAIL].knows_key

    def __init__(self, url: str, account: MailAccount, answer_s: float) -> None:
        """`answer_s`: an answer to the text that has not come by then is a doubt. Raises ValueError for an address of another kind."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            msg = f"PHUSA_MAIL_URL: expected smtp://host:587 or smtps://host:465, found {parts.scheme}://…"
            raise ValueError(msg)
        self._sealed, self._host = parts.scheme == "smtps", parts.hostname
        self._port = parts.port or (465 if self._sealed else 587)
        self._account, self._answer_s = account, answer_s
        self._threads = ThreadPoolExecutor(TOGETHER, "mail")

    async def send(self, order: Order) -> Sent:
        """Ask once; a contact without an address is refused by name."""
        address = self._account.addresses.get(order.contact)
        if address is None:
            return Sent(
                Answer.REFUSED, "no-address", f"{order.contact}: không có địa chỉ thư (no mail address)"
            )
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._send, order, address)
        # Each step has its own limit; a server that drips through all of them is not waited for.
        done, _ = await asyncio.wait({work}, timeout=STEP_S + self._answer_s)
        if not done:
            return Sent(Answer.DOUBT, "TimeoutError", "máy chủ thư không trả lời (no answer in time)")
        return work.result()

    def _send(self, order: Order, address: str) -> Sent:
        mail = written(order, self._account.sender, address)
        handed_over = False
        try:
            with self._connect() as server:
                reply = server.mail(self._account.sender)
                if reply[0] == TAKEN:
                    reply = server.rcpt(address)
                if reply[0] in FORWARDS:
                    handed_over = True
                    self._wait_for_answer(server)
                    reply = server.data(mail.as_bytes(policy=SMTP))
        except smtplib.SMTPNotSupportedError:
            return Sent(Answer.STOPPED, "no-tls", "máy chủ thư không mã hoá (server without TLS or login)")
        except smtplib.SMTPResponseException as error:
            return _read(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            if handed_over:
                return Sent(Answer.DOUBT, type(error).__name__, "máy chủ thư không trả lời (no answer)")
            return Sent(Answer.RETRY, type(error).__name__, "không tới được cổng (gateway not reached)")
        if handed_over and reply[0] == TAKEN:
            return Sent(Answer.SENT, str(reply[0]), "", mail["Message-ID"])
        return _read(reply[0])

    @contextmanager
    def _connect(self) -> Iterator[smtplib.SMTP]:
        """Connected, encrypted and logged in; raises what smtplib does. The end is not waited for: what was taken is taken."""
        context = ssl.create_default_context()
        if self._sealed:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=STEP_S, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=STEP_S)
        try:
            server.ehlo_or_helo_if_needed()
            if not self._sealed and not _on_this_machine(self._host):
                server.starttls(context=context)
            if self._account.user:
                server.login(self._account.user, self._account.password)
            yield server
        finally:
            server.close()

    def _wait_for_answer(self, server: smtplib.SMTP) -> None:
        if server.sock is not None:
            server.sock.settimeout(self._answer_s)

    async def close(self) -> None:
        """What is under way ends by its own limits."""
        self._threads.shutdown(wait=False)


def written(order: Order, sender: str, address: str) -> EmailMessage:
    """The mail; its Message-ID is the same at every repetition. RFC 3834: nothing answers a mail that a machine wrote."""
    text = text_with_link(order)
    mail = EmailMessage()
    mail["Subject"] = printable(": ".join(text.splitlines()[:2]))
    mail["From"], mail["To"] = sender, address
    mail["Date"] = format_datetime(clock.system().astimezone(clock.VIETNAM))
    mail["Message-ID"] = f"<{order.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    # Quoted-printable: no server on the way needs to take eight bits.
    mail.set_content(text, cte="quoted-printable")
    return mail


def _read(code: int) -> Sent:
    # A reply of 4xx that nobody documented may still be asked again: RFC 5321, 4.2.1.
    return CODES.answer(str(code), Answer.RETRY if code // 100 == 4 else Answer.REFUSED)


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret file mail.json."""
    account = msgspec.convert(http.secret(settings.secrets_dir / "mail.json"), MailAccount)
    url = settings.gateways.get("mail", f"smtp://127.0.0.1:{settings.mail_port}")
    return MailSender(url, account, settings.answer_wait_s)
