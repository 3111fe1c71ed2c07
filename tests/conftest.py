"""Fixtures of the whole tree: the real recordings, the real servers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data() -> Path:
    """The real recordings: PHUSA_DATA, else ../shared/data."""
    folder = Path(os.environ.get("PHUSA_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}: set PHUSA_DATA")
    return folder


@pytest.fixture(scope="session")
def server_dsn() -> str:
    """A TimescaleDB server's administrator."""
    dsn = os.environ.get("PHUSA_TEST_DATABASE")
    if dsn is None:
        pytest.skip("no database server: set PHUSA_TEST_DATABASE to an administrator's DSN")
    return dsn
