"""What the endpoint does with a call: read, seal, keep, answer. No HTTP here."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from connectors import clock
from connectors.payments.memory import Brake, Seen
from connectors.payments.topic import NotKeptError
from models.payments.event import RefusedRequest, about
from models.payments.record import Reducing, key_of
from models.payments.told import MAX_BYTES, Answer, Call, Outcome, Receivers, Refusal, Secret, Told
from models.telemetry.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from connectors.payments.topic import Keeper
    from connectors.sealing import Seal
    from models.payments.providers import Door

log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Desk:
    """One door with its provider's secret and receivers."""

    door: Door
    secret: Secret
    known: Receivers


@dataclass(frozen=True)
class Office:
    """Verified events and refused calls go to `keeper`; `wall` judges the drift of signed times."""

    keeper: Keeper
    seal: Seal
    reducing: Reducing
    audit: Any
    wall: clock.Now = clock.system
    seen: Seen = field(default_factory=Seen)
    brake: Brake = field(default_factory=Brake)

    async def take(self, desk: Desk, call: Call, early: Refusal | None = None) -> Answer:
        """The provider's answer, after Kafka has what came; `early`: refused before it was read."""
        try:
            outcome = await self._outcome(desk, call, early)
        except NotKeptError as why:
            log.warning("payment_not_kept", source=desk.door.provider, error=str(why))
            outcome = Outcome.UNAVAILABLE
        except Refusal as why:
            return await self._refuse(desk, call, why)
        return desk.door.contract.answer(outcome, call, desk.secret, desk.known)

    async def _outcome(self, desk: Desk, call: Call, early: Refusal | None) -> Outcome:
        if early is not None:
            raise early
        told = desk.door.contract.read(call, desk.secret, desk.known, self.wall())
        return Outcome.NOTHING if told is None else await self._keep(desk, call, told)

    async def _keep(self, desk: Desk, call: Call, told: Told) -> Outcome:
        source = desk.door.provider
        key = key_of(source, told.event)
        if self.seen.known(key, call.received_at):
            return Outcome.KNOWN
        sealed = self.seal.seal(_what_came(call), about(source))
        await self.keeper.put(key, _encode(self.reducing.event(source, told, call.received_at, sealed)))
        self.seen.remember(key, call.received_at)
        return Outcome.TAKEN

    async def _refuse(self, desk: Desk, call: Call, why: Refusal) -> Answer:
        contract, source = desk.door.contract, desk.door.provider
        outcome = Outcome.NOTHING if why.polite else why.reason
        if self.brake.free(source, time.monotonic()):
            body = _what_came(call)
            self.audit.info(
                "call_refused",
                source=source,
                path=desk.door.path,
                reason=why.reason,
                vi=why.vi,
                en=why.en,
                bytes=len(body),
                not_kept_before=self.brake.told(source),
            )
            try:
                await self.keeper.put(*self._refused(source, call, why, body))
            except NotKeptError as error:
                log.warning("refusal_not_kept", source=source, error=str(error))
                # Nothing of it is anywhere but in the audit log: let it come again.
                outcome = Outcome.UNAVAILABLE
        return contract.answer(outcome, call, desk.secret, desk.known)

    def _refused(self, source: str, call: Call, why: Refusal, body: bytes) -> tuple[str, bytes]:
        sealed = self.seal.seal(body[:MAX_BYTES], about(source))
        record = RefusedRequest(SCHEMA_VERSION, source, call.received_at, why.reason, why.vi, why.en, sealed)
        # Its own name, so that floods of one provider spread over the partitions.
        return key_of(source, f"refused-{hashlib.sha256(body).hexdigest()[:16]}"), _encode(record)

    def tell_held(self) -> None:
        """At the end: what the brake did not keep since the last line."""
        for source in list(self.brake.held):
            self.audit.info("calls_not_kept", source=source, number=self.brake.told(source))


def _what_came(call: Call) -> bytes:
    return call.body or call.query.encode()
