"""Names that CAP can carry: identifier and sender have no space, comma, `<` or `&` (CAP 1.2, 3.2.1)."""

from __future__ import annotations

FORBIDDEN = " ,<&"
_ESCAPED = {one: f"%{ord(one):02X}" for one in ("%", *FORBIDDEN)}
SENDER = rf"^[^\s{FORBIDDEN.strip()}]+$"
"""What a sender may be, as a pattern."""


def identifier(alert: str, seq: int, again: int = 0) -> str:
    """The name of the message on the change `seq` of an alert, and of its `again`-th repetition.

    >>> identifier("river:phu-oc:river_level:20251101T000000.000Z", 2), identifier("a b", 1, 3)
    ('river:phu-oc:river_level:20251101T000000.000Z:2', 'a%20b:1.3')
    """
    name = "".join(_ESCAPED.get(one, one) for one in alert)
    return f"{name}:{seq}{f'.{again}' if again else ''}"


def alert_of(name: str) -> str:
    """The alert that a message's identifier names.

    >>> alert_of("a%20b:1.3")
    'a b'
    """
    alert = name.rpartition(":")[0]
    for one in FORBIDDEN:
        alert = alert.replace(_ESCAPED[one], one)
    return alert.replace(_ESCAPED["%"], "%")
