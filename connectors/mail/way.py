"""The way `mail`: what a mail server has taken; whether somebody reads it nobody tells."""

from __future__ import annotations

from connectors.mail.sender import open_sender
from connectors.ways import Way

WAY = Way(open_sender)
