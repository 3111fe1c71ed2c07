"""What a gateway is asked to send, and the six ways in which it may answer."""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec


class Answer(enum.StrEnum):
    """SENT: the gateway took it. RETRY: it surely did not, ask again. REFUSED: it never will.

    DOUBT: the request may have arrived, but no answer came. AWAY: it surely did not arrive, and no
    other message would now: the channel itself is down (Zalo gives no token). STOPPED: it did not take it, and takes none of
    ours, until somebody acts or its day ends: no money, wrong key, quota.
    """

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    DOUBT = "doubt"
    AWAY = "away"
    STOPPED = "stopped"


class Sent(msgspec.Struct, frozen=True):
    """The gateway's answer: `message` is its own id, `price_vnd` None where it names no price.

    `again_s`: of a RETRY, seconds in which the gateway says that it takes nothing; 0 where it does not say.
    """

    answer: Answer
    code: str
    reason: str
    message: str | None = None
    price_vnd: int | None = None
    again_s: float = 0.0


UNDOCUMENTED = "mã không có trong tài liệu (a code that is not documented)"


class Codes(msgspec.Struct, frozen=True):
    """A service's codes in words, by what follows: ask again, wait for a person (the account), or give this message up."""

    retry: dict[str, str]
    stopped: dict[str, str]
    refused: dict[str, str]

    def answer(self, code: str, other: Answer = Answer.REFUSED) -> Sent:
        """What a code means that is no success; `other`: what one means that the service does not document."""
        for answer, words in (
            (Answer.RETRY, self.retry),
            (Answer.STOPPED, self.stopped),
            (Answer.REFUSED, self.refused),
        ):
            if code in words:
                return Sent(answer, code, words[code])
        return Sent(other, code, UNDOCUMENTED)


class Order(msgspec.Struct, frozen=True):
    """A message for one contact; `key` is the same at every repetition. The sender knows the phone number.

    `link` leads to the phone page and is a secret of the contact; "" where the message has none.
    """

    key: str
    contact: str
    sms_text: str
    template_id: str
    template_data: dict[str, str]
    link: str = ""

    def __repr__(self) -> str:
        """Without the link: this may stand in a log."""
        return f"Order(key={self.key!r}, contact={self.contact!r}, template_id={self.template_id!r})"


class Sender(Protocol):
    """One way to a phone. `idempotent`: a repeated key is sent once, so a doubt may be asked again."""

    idempotent: bool

    async def send(self, order: Order) -> Sent:
        """Ask the gateway; never raises for what the gateway or the network does."""

    async def close(self) -> None:
        """Give the connections back."""
