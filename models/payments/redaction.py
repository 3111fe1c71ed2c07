"""From a verified event in clear to the record that travels: the text reduced, the payer a pseudonym, the body sealed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.envelope.reading import SCHEMA_VERSION
from models.payments import content, identity
from models.payments.contract import VerifiedEvent
from models.payments.event import PaymentEvent
from models.payments.pseudonym import pseudonym


class Redaction(msgspec.Struct, frozen=True):
    """What is needed to leave a person out: the words that may stay, the key of pseudonyms."""

    words: content.Vocabulary
    payers: bytes

    def event(
        self, source: str, verified: VerifiedEvent, received_at: datetime, sealed: bytes
    ) -> PaymentEvent:
        """The record as it goes onto the topic: `source` is the provider, `sealed` the call's body, encrypted."""
        return PaymentEvent(
            v=SCHEMA_VERSION,
            source=source,
            event=verified.event,
            at=verified.at,
            received_at=received_at,
            what=verified.what,
            amount_vnd=verified.amount_vnd,
            merchant=verified.merchant,
            content=content.reduced(verified.content, self.words),
            payer=pseudonym(verified.payer, self.payers),
            original=verified.original,
            sealed=sealed,
            told=identity.told_digest(verified, self.payers),
            transfer=identity.transfer(verified, self.payers),
            vi=verified.vi,
            en=verified.en,
        )


def key_of(source: str, event: str) -> str:
    """The record's key, by which its partition is chosen: the same event always falls into the same."""
    return f"{source}:{event}"
