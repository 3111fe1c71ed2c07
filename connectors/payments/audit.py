"""The audit log: one line of JSON a refused call or a turn of Zalo's tokens, in VAR/logs/audit.jsonl; never a secret or a value."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from pathlib import Path

NAME = "audit.jsonl"


def audit(folder: Path) -> Any:
    """A logger that appends to the file, readable by the owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    file = os.fdopen(
        os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
    )
    return structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        cache_logger_on_first_use=True,
    )
