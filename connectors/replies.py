"""At the door of every way back: whose number it is, and when the person wrote. A number goes no further than this."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from connectors import clock, http
from models.alerting.phone import phone

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from connectors.clock import Now


class Numbers:
    """The contacts by their numbers, however a service writes them; read once, as the senders read them."""

    def __init__(self, folder: Path) -> None:
        """`folder` of secrets. Where two contacts have one number, which `phusa check` tells, it is the first one's."""
        self._contacts: dict[str, str] = {}
        for contact, number in http.phones(folder).items():
            self._contacts.setdefault(number, contact)

    def contact(self, number: str) -> str:
        """The contact whose number it is; empty: nobody's of ours."""
        return self._contacts.get(phone(number) or "", "")


def written(sent: datetime, now: Now) -> datetime:
    """The platform's time at which something was sent that a service dates by the wall clock: as long ago by the clock `now`.

    An answer that waited at a service is so no answer to what rose meanwhile.
    """
    return now() - max(clock.system() - sent, timedelta(0))
