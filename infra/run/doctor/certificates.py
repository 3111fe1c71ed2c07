"""Certificates that the settings name: usable, and for how long. A listener whose certificate has ended loses every station."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from infra.run.doctor.line import Line, bad, good
from infra.run.stack import certificates

if TYPE_CHECKING:
    from connectors.settings import Settings

SOON = timedelta(days=21)
"""Time to have another one signed and to bring it to loggers that know the authority by file."""


def look(own: Settings, now: datetime) -> list[Line]:
    """A line for each that is named; none where none is."""
    mistakes = certificates.mistakes(own, now)
    if mistakes:
        return [
            bad(
                f"{mistake.variable}: {mistake.vi}",
                f"{mistake.variable}: {mistake.en}",
                "thay chứng thư, rồi phusa up",
                "replace it, then phusa up",
            )
            for mistake in mistakes
        ]
    return [_age(variable, end, now) for variable, end in certificates.ends(own).items()]


def _age(variable: str, end: datetime, now: datetime) -> Line:
    days = (end - now).days
    vi, en = f"{variable}: còn hạn {days} ngày", f"{variable}: good for {days} days"
    if end - now < SOON:
        return bad(vi, en, "thay chứng thư, rồi phusa up", "replace it, then phusa up")
    return good(vi, en)
