"""The way `apprise`: what a service has taken; whether somebody reads it nobody tells."""

from __future__ import annotations

from connectors.apprise.sender import open_sender
from connectors.ways import Way

WAY = Way(open_sender)
