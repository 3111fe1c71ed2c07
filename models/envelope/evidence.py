"""A line of evidence, in two languages."""

from __future__ import annotations

import msgspec


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """One line of why: who saw what, and when; never a person's name."""

    vi: str
    en: str
