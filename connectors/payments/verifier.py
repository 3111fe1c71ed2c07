"""What the endpoint does with a call: read, seal, keep, answer. No HTTP here."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from connectors import clock
from connectors.caller import UNKNOWN, brake_key
from connectors.payments.memory import Brake, RecentEvents
from connectors.payments.topic import NotKeptError
from models.envelope.reading import SCHEMA_VERSION
from models.payments.contract import (
    MAX_BYTES,
    Answer,
    Call,
    Receivers,
    Refusal,
    RequestResult,
    Secret,
    VerifiedEvent,
)
from models.payments.event import RefusedRequest, about
from models.payments.redaction import Redaction, key_of

if TYPE_CHECKING:
    from connectors.payments.topic import Keeper
    from connectors.sealing import Seal
    from models.payments.providers.registry import Endpoint

log = structlog.get_logger(__name__)
A_CALLER_RATE, A_CALLER_BURST = 1.0, 50.0
"""Refused calls of one address that are kept: a second, and at once. A provider that is set up wrong stays below."""
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class ServedEndpoint:
    """An endpoint with its provider's secret and receivers."""

    endpoint: Endpoint
    secret: Secret
    known: Receivers


@dataclass(frozen=True)
class Verifier:
    """Verified events and refused calls go to `keeper`; `wall` judges the drift of signed times.

    Two brakes on refused calls that nobody signed: `callers` for each address, so that one flood does not use up what
    all may send, and `brake` for each provider. A rightly signed call passes none: it is kept, or asked for again.
    """

    keeper: Keeper
    seal: Seal
    redaction: Redaction
    audit: Any
    wall: clock.Now = clock.system
    seen: RecentEvents = field(default_factory=RecentEvents)
    brake: Brake = field(default_factory=Brake)
    callers: Brake = field(default_factory=lambda: Brake(A_CALLER_RATE, A_CALLER_BURST))

    async def take(
        self, served: ServedEndpoint, call: Call, early: Refusal | None = None, caller: str = UNKNOWN
    ) -> Answer:
        """The provider's answer, after Kafka has what came; `early`: refused before it was read."""
        try:
            outcome = await self._outcome(served, call, early)
        except NotKeptError as why:
            log.warning("payment_not_kept", source=served.endpoint.provider, error=str(why))
            outcome = RequestResult.UNAVAILABLE
        except Refusal as why:
            return await self._refuse(served, call, why, caller)
        return served.endpoint.contract.answer(outcome, call, served.secret, served.known)

    async def _outcome(self, served: ServedEndpoint, call: Call, early: Refusal | None) -> RequestResult:
        if early is not None:
            raise early
        verified = served.endpoint.contract.read(call, served.secret, served.known, self.wall())
        return RequestResult.NOTHING if verified is None else await self._keep(served, call, verified)

    async def _keep(self, served: ServedEndpoint, call: Call, verified: VerifiedEvent) -> RequestResult:
        source = served.endpoint.provider
        key = key_of(source, verified.event)
        sealed = self.seal.seal(_what_came(call), about(source))
        event = self.redaction.event(source, verified, call.received_at, sealed)
        # The same name with another amount, payee or text is another event: the ledger keeps it as a conflict.
        delivery = f"{key} {event.told}"
        if self.seen.known(delivery, call.received_at):
            return RequestResult.KNOWN
        await self.keeper.put(key, _encode(event))
        self.seen.remember(delivery, call.received_at)
        return RequestResult.TAKEN

    def _free(self, source: str, why: Refusal, caller: str) -> bool:
        if why.signed:
            return True
        now = time.monotonic()
        own = source, brake_key(caller)
        if not self.callers.free(own, now):
            # Counted for the provider: the addresses of a flood would fill the memory.
            self.callers.held_since(own)
            self.brake.hold(source)
            return False
        return self.brake.free(source, now)

    async def _refuse(self, served: ServedEndpoint, call: Call, why: Refusal, caller: str) -> Answer:
        contract, source = served.endpoint.contract, served.endpoint.provider
        outcome = RequestResult.NOTHING if why.polite else why.reason
        body = _what_came(call)
        # A provider repeats what it was refused: the same bytes are kept once.
        name = refused_key(source, body)
        delivery = f"{name} {why.reason}"
        if why.signed and self.seen.known(delivery, call.received_at):
            return contract.answer(outcome, call, served.secret, served.known)
        if self._free(source, why, caller):
            self.audit.info(
                "call_refused",
                source=source,
                path=served.endpoint.path,
                reason=why.reason,
                vi=why.vi,
                en=why.en,
                bytes=len(body),
                not_kept_before=self.brake.held_since(source),
            )
            try:
                await self.keeper.put(name, self._refused(source, call, why, body))
                if why.signed:
                    self.seen.remember(delivery, call.received_at)
            except NotKeptError as error:
                log.warning("refusal_not_kept", source=source, error=str(error))
                # Nothing of it is anywhere but in the audit log: let it come again.
                outcome = RequestResult.UNAVAILABLE
        return contract.answer(outcome, call, served.secret, served.known)

    def _refused(self, source: str, call: Call, why: Refusal, body: bytes) -> bytes:
        sealed = self.seal.seal(body[:MAX_BYTES], about(source))
        record = RefusedRequest(SCHEMA_VERSION, source, call.received_at, why.reason, why.vi, why.en, sealed)
        return _encode(record)

    def tell_held(self) -> None:
        """At the end: what the brake did not keep since the last line."""
        for source in list(self.brake.held):
            self.audit.info("calls_not_kept", source=source, number=self.brake.held_since(source))


def refused_key(source: str, body: bytes) -> str:
    """Its own name, so that floods of one provider spread over the partitions."""
    return key_of(source, f"refused-{hashlib.sha256(body).hexdigest()[:32]}")


def _what_came(call: Call) -> bytes:
    return call.body or call.query.encode()
