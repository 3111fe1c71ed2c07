"""How an SMS of the commune's own SIM card is answered: simply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.codes import PLAIN

if TYPE_CHECKING:
    from connectors.settings import Settings


def pattern(_settings: Settings) -> str | None:
    """The code and the answer, to the number that the message came from."""
    return PLAIN
