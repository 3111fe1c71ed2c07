"""Our command line as a process that answers Ctrl-C: a test run that was begun in the background ignores it, and so would its children."""

from __future__ import annotations

import sys

_SCRIPT = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.argv[0] = 'phusa'; from infra.phusa import app; app()"
ANSWERS_CTRL_C = [sys.executable, "-c", _SCRIPT]
