"""A mail server on this machine, which wants a login and keeps what it takes; on a port of its own."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from connectors import http
from infra.rehearsal.gateway.service import Intake, new
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    import httpx
    from aiosmtpd.smtp import Envelope, Session
    from starlette.routing import Route

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken

DOMAIN = "phusa.invalid"
"""RFC 2606: no mailbox can be there."""


class Service:
    """One mailbox of ours."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        own = http.secret(settings.secrets_dir / "mail.json")
        self._intake, self._port = intake, settings.mail_port
        self._login = LoginPassword(own["user"].encode(), own["password"].encode())
        self._taking: set[asyncio.Task[str]] = set()
        phones = http.phones(settings.secrets_dir)
        # The page of phones shows mails too, by the person's number.
        self._phones = {
            address: phones[contact] for contact, address in own["addresses"].items() if contact in phones
        }

    @staticmethod
    def secrets(_settings: Settings, contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """A login, and an address of each contact."""
        addresses = {contact: f"{contact}@{DOMAIN}" for contact in contacts}
        login = {"user": f"phusa@{DOMAIN}", "password": secrets.token_urlsafe(16)}
        return {"mail.json": login | {"sender": f"phusa@{DOMAIN}", "addresses": addresses}}

    def routes(self) -> list[Route]:
        """Nothing over HTTP."""
        return []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens as long as the context is open."""
        server = await asyncio.get_running_loop().create_server(self._session, "127.0.0.1", self._port)
        yield
        server.close()

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname="localhost",
            ident="phusa",
            auth_require_tls=False,
            authenticator=self._logs_in,
        )

    def _logs_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        right = (
            mechanism in ("LOGIN", "PLAIN")
            and compare_digest(given.login, self._login.login)
            and compare_digest(given.password, self._login.password)
        )
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Only who has logged in may send."""
        if not session.authenticated:
            return "530 login first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Whether the receiver is taken: the faults' reply, or 550 for a stranger."""
        fault = self._intake.fault(Channel.MAIL)
        if fault is not None:
            return f"{fault} as the test wants it"
        if address not in self._phones:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the text, as the faults say; who has hung up meanwhile has sent it all the same."""
        taking = asyncio.create_task(self._take(server, envelope))
        self._taking.add(taking)
        taking.add_done_callback(self._taking.discard)
        return await asyncio.shield(taking)

    async def _take(self, server: SMTP, envelope: Envelope) -> str:
        await self._intake.wait()
        if self._intake.busy:
            return "421 busy"
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        text = f"{mail['Subject']}\n{mail.get_content().rstrip()}"
        key = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        message = self._intake.keep(new(Channel.MAIL, key, self._phones[envelope.rcpt_tos[0]], text))
        if self._intake.loses_answer and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return f"250 OK {message}"

    async def tell(self, _client: httpx.AsyncClient, _taken: Taken, *, failed: bool) -> None:
        """A mail server tells nothing: what it did not deliver comes back as a mail."""
        del failed
