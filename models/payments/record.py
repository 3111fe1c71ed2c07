"""From a telling in clear to the event that travels: the text reduced, the payer a pseudonym, the body sealed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.envelope.reading import SCHEMA_VERSION
from models.payments import content, identity
from models.payments.event import PaymentEvent
from models.payments.pseudonym import pseudonym
from models.payments.told import Told


class Reducing(msgspec.Struct, frozen=True):
    """What is needed to leave a person out: the words that may stay, the key of pseudonyms."""

    words: content.Vocabulary
    payers: bytes

    def event(self, source: str, told: Told, received_at: datetime, sealed: bytes) -> PaymentEvent:
        """The event as it goes onto the topic."""
        return PaymentEvent(
            v=SCHEMA_VERSION,
            source=source,
            event=told.event,
            at=told.at,
            received_at=received_at,
            what=told.what,
            amount_vnd=told.amount_vnd,
            merchant=told.merchant,
            content=content.reduced(told.content, self.words),
            payer=pseudonym(told.payer, self.payers),
            original=told.original,
            sealed=sealed,
            told=identity.told_digest(told, self.payers),
            transfer=identity.transfer(told, self.payers),
            vi=told.vi,
            en=told.en,
        )


def key_of(source: str, event: str) -> str:
    """The record's key, by which its partition is chosen: the same event always falls into the same."""
    return f"{source}:{event}"
