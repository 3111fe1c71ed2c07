"""A kept picture of an alarm, for the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Shot:
    """A kept picture for the page: `uri` holds the JPEG itself, so that the page stands alone."""

    at: datetime
    camera: str
    people: int
    uri: str
    kind: str = "crowd"
    """Of its alert."""
    value: float = 0.0
    unit: str = "people"
    """What the alert was raised at."""
