"""The page in a real Chromium of the system, served on a port of its own by a thread."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import uvicorn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from starlette.applications import Starlette

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HEIGHTS = {360: 780, 1280: 720, 1920: 1080, 3840: 2160}
"""Of the screens that are looked at, by their width."""


def program() -> str:
    """The system's browser; the test is skipped where there is none."""
    found = os.environ.get("PHUSA_CHROMIUM") or next(
        (path for name in NAMES if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium, or PHUSA_CHROMIUM")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. While it is open no test of the same thread may run an event loop of its own."""
    path = program()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root Chromium has no sandbox; what it opens here is our own page.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application's address while it is served."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class Seen:
    """A page that was opened, and what its console said."""

    def __init__(self, browser: Browser, width: int, *, script: bool = True) -> None:
        self.page: Page = browser.new_page(
            viewport={"width": width, "height": HEIGHTS[width]}, java_script_enabled=script
        )
        self.page.set_default_timeout(300_000)  # ms; what hangs, not what is slow
        self.errors: list[str] = []
        self._opened = 0
        self.page.on(
            "console", lambda one: self.errors.append(one.text) if one.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda one: self.errors.append(str(one)))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._asked)
        self.asked: list[str] = []

    def _failed(self, one: object) -> None:
        # A question that was under way when the window went elsewhere was not refused by anybody.
        if one.failure != "net::ERR_ABORTED":  # type: ignore[attr-defined]
            self.errors.append(f"{one.url} {one.failure}")  # type: ignore[attr-defined]

    def _asked(self, one: object) -> None:
        self.asked.append(one.url)  # type: ignore[attr-defined]

    def open(self, url: str) -> Page:
        """Go there and wait until all of it has come; what was said before is forgotten."""
        self.errors.clear()
        self.asked.clear()
        # The page may be kept for seconds; a test shows another moment at once, so each address is asked for once only.
        self._opened += 1
        self.page.goto(f"{url}{'&' if '?' in url else '?'}opened={self._opened}", wait_until="load")
        return self.page

    @property
    def overflow(self) -> tuple[int, int]:
        """By how much the content is wider and higher than the window, pixels."""
        wide, high = self.page.evaluate(
            "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
        )
        return wide, high

    def close(self) -> None:
        """Close the window."""
        self.page.close()
