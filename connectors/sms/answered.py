"""How an SMS by eSMS is answered: a brand's name cannot be; an account with a number of its own says so in esms.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors import http
from models.alerting.codes import pattern_mistake

if TYPE_CHECKING:
    from connectors.settings import Settings


def pattern(settings: Settings) -> str | None:
    """`incoming` in esms.json, such as "PHUSA {} gui 8079"; None: there is no way back.

    Raises ValueError that names file and expectation.
    """
    file = settings.secrets_dir / "esms.json"
    found = http.secret(file).get("incoming")
    if found is None:
        return None
    mistake = pattern_mistake(str(found))
    if mistake is not None:
        msg = f"{file}: incoming: {mistake}"
        raise ValueError(msg)
    return str(found)
