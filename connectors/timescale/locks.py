"""Advisory locks of the store, in one list: two that meant different things by one number would wait for each other for ever."""

from __future__ import annotations

ONE_SENDER = 50211
"""Held by the only process that sends messages."""
CODES = 50212
"""Held to the end of a transaction that gives codes to contacts."""
ONE_ANNOUNCER = 50213
"""Held by the only process that plays announcements."""
ONE_CONTACT = 50217
"""With a contact's hash: takes of one contact's answers wait for each other."""
