"""The way `modem`: a SIM card of the commune's own; that the network took a message is all it tells."""

from __future__ import annotations

from connectors.modem.sender import open_sender
from connectors.ways import Way

WAY = Way(open_sender)
