"""One line an event: readable on a terminal, JSON in a file."""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Set up structlog and the standard library's logging, to stderr; warnings of libraries come through."""
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s", stream=sys.stderr, level=logging.WARNING)
    human = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer()
            if human
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
