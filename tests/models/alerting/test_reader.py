"""A person who opens a link, and programs that only look what is behind it."""

from __future__ import annotations

import pytest

from models.alerting.reader import is_person

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ANDROID = "Mozilla/5.0 (Linux; Android 4.4.2; SM-G313HZ) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/30.0.0.0 Mobile Safari/537.36"
PERSONS = {
    "an old Android": ANDROID,
    "an iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1.2 Mobile/15E148 Safari/604.1",
    "Zalo on Android": f"{ANDROID} Zalo android/12100630 ZaloTheme/light ZaloLanguage/vi",
    "Zalo on an iPhone": "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 Zalo iOS/536 ZaloTheme/light ZaloLanguage/vn",
    "Messenger": "Mozilla/5.0 (Linux; Android 10) Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/470.0.0.40.97;]",
    "Cốc Cốc": "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 coc_coc_browser/118.0 Mobile Chrome/112.0 Safari/537.36",
    "Opera Mini": "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; vi) Presto/2.8.119 Version/11.10",
    "UC Browser on a feature phone": "UCWEB/2.0 (Java; U; MIDP-2.0; vi; nokia105) U2/1.0.0 UCBrowser/9.4",
}
PROGRAMS = {
    "Facebook and Messenger": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Facebook, in the name of a browser": "Mozilla/5.0 (compatible; Facebot/1.0)",
    "Telegram": "TelegramBot (like TwitterBot)",
    "WhatsApp": "WhatsApp/2.23.20.0 A",
    "Viber": "Viber/13.3.0.5",
    "Skype": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Google": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "a scanner of links": "Mozilla/5.0 (compatible; SafeScan/1.0)",
    "a program": "python-requests/2.31.0",
    "another": "okhttp/4.9.3",
    "a command": "curl/8.5.0",
    "who does not say": "",
}


@pytest.mark.parametrize("agent", PERSONS.values(), ids=PERSONS.keys())
def test_a_browser_is_a_person(agent: str) -> None:
    assert is_person(agent, HTML, "")


@pytest.mark.parametrize("agent", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program_is_none_whatever_it_asks_for(agent: str) -> None:
    assert not is_person(agent, HTML, "")


@pytest.mark.parametrize(
    ("accept", "purpose"),
    [
        pytest.param("*/*", "", id="asks for anything"),
        pytest.param("", "", id="does not say what it takes"),
        pytest.param("image/avif,image/webp,*/*", "", id="asks for a picture"),
        pytest.param(HTML, "prefetch", id="loads beforehand"),
        pytest.param(HTML, "prefetch;prerender", id="draws beforehand"),
        pytest.param(HTML, "Preview", id="a preview of Safari"),
    ],
)
def test_a_browser_that_nobody_looks_at_is_no_person(accept: str, purpose: str) -> None:
    assert not is_person(ANDROID, accept, purpose)
