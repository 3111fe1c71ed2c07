"""Who opens a link: a person's browser, or a program that looks what is behind it (Zalo, Messenger, Telegram fetch a preview for the chat).

Only a person reads a message. None of them answers by looking: answers are POSTs.
"""

from __future__ import annotations

_PROGRAMS = (
    "bot", "crawl", "spider", "slurp", "preview", "facebookexternal", "facebookcatalog", "facebot", "meta-external", "whatsapp", "viber", "embedly",
    "curl/", "wget", "python", "httpx", "okhttp", "go-http", "java/", "axios", "node-fetch", "scan", "monitor",
)  # fmt: skip
"""In their names for themselves, in small letters. Zalo's own browser ("Zalo android/... ZaloTheme/light") is a person's."""
_BEFOREHAND = ("prefetch", "prerender", "preview")
"""What a browser says that loads before anybody has touched the link (headers Purpose, Sec-Purpose, X-Moz, X-Purpose)."""


def is_person(agent: str, accept: str, purpose: str) -> bool:
    """Whether a GET with these headers (User-Agent, Accept, and what it is for) is somebody who looks at the page.

    A browser asks for HTML by name; who does not say what it is, is no browser.

    >>> is_person("Mozilla/5.0 (Linux; Android 4.4) Mobile Safari/537.36 Zalo android/12100630 ZaloTheme/light", "text/html,*/*", "")
    True
    >>> is_person("facebookexternalhit/1.1", "*/*", "")
    False
    """
    name, why = agent.lower(), purpose.lower()
    return (
        name != ""
        and "html" in accept.lower()
        and not any(program in name for program in _PROGRAMS)
        and not any(word in why for word in _BEFOREHAND)
    )
