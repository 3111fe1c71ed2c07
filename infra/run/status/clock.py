"""The time of the platform, as a command outside of it knows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors import clock
from infra.run.stack.place import place

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.settings import Settings

_GIVEN = re.compile(r'PHUSA_CLOCK="([^"]*)"')


def platform_now(own: Settings) -> datetime:
    """Now on the clock that this copy's processes were given (a demo's day is played), else on that of the settings.

    A clock without a time of its own, or whose file is gone, is that of the machine.
    """
    try:
        given = _GIVEN.search(place(own).config.read_text(encoding="utf-8"))
    except OSError:  # never started, or another user's
        given = None
    for setting in ([given[1].replace("%%", "%")] if given else []) + [own.clock]:
        try:
            now = clock.from_setting(setting)
            return clock.system() if now is None else now()
        except (OSError, ValueError):
            continue
    return clock.system()
