"""What is odd about mail: its steps, its encryption, its headers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from connectors.mail.sender import MailAccount, MailSender, written
from connectors.settings import Settings
from models.alerting.sending import Answer, Order, Sent
from tests.gateways import messages
from tests.senders import DATA, contact, order, send

ORDER = Order("k1", "an", "CANH BAO LU", "river_rise", DATA)
ACCOUNT = MailAccount("phusa@commune.example", {"an": "an@commune.example"})


def test_the_subject_says_what_and_where_and_the_text_is_that_of_a_phone_with_room() -> None:
    mail = written(ORDER, "phusa@commune.example", "an@commune.example")

    assert mail["Subject"].endswith("BĐ2 – Phú Ốc")
    assert "Kê cao đồ" in mail.get_content()
    assert mail.as_bytes().isascii()


def test_a_repetition_has_the_same_message_id_and_no_machine_answers_it() -> None:
    first, again = (written(ORDER, "phusa@commune.example", "x@y.example") for _ in range(2))

    assert first["Message-ID"] == again["Message-ID"] == "<k1@commune.example>"
    assert first["Auto-Submitted"] == "auto-generated"


def test_a_name_with_a_line_break_makes_no_header_of_its_own() -> None:
    fields = DATA | {"tram": "Phú Ốc\r\nBcc: all@commune.example"}
    mail = written(Order("k", "an", "x", "river_rise", fields), "a@b.example", "c@d.example")

    assert mail["Bcc"] is None


def test_a_message_without_a_template_goes_in_its_short_words() -> None:
    mail: EmailMessage = written(Order("k", "an", "CANH BAO", "river_rise", {}), "a@b.example", "c@d.example")

    assert mail["Subject"]


@pytest.mark.usefixtures("address")
def test_a_wrong_password_stops_the_account_by_its_code(settings: Settings) -> None:
    file = settings.secrets_dir / "mail.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"password": "wrong"}))
    (sent,) = send(settings, "mail", order(settings))

    assert (sent.answer, sent.code) == (Answer.STOPPED, "535")


@pytest.mark.usefixtures("address")
def test_who_does_not_log_in_stops(settings: Settings) -> None:
    file = settings.secrets_dir / "mail.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"user": ""}))
    (sent,) = send(settings, "mail", order(settings))

    assert (sent.answer, sent.code) == (Answer.STOPPED, "530")


def test_a_contact_without_an_address_is_refused_by_name(settings: Settings, address: str) -> None:
    file, name = settings.secrets_dir / "mail.json", contact(settings)
    own = json.loads(file.read_text(encoding="utf-8"))
    del own["addresses"][name]
    file.write_text(json.dumps(own))
    (sent,) = send(settings, "mail", order(settings))

    assert (sent.answer, sent.code) == (Answer.REFUSED, "no-address")
    assert name in sent.reason
    assert messages(address) == []


Hook = Callable[[SMTP], Any]


class Server:
    """A server that does `at_data` when it is asked to take the text."""

    def __init__(self, at_data: Hook) -> None:
        self.at_data = at_data

    async def handle_DATA(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return str(self.at_data(server))


def sent_to(at_data: Hook) -> Sent:
    """A message to such a server on a port that the system gives."""

    async def all_of_it() -> Sent:
        listening = await asyncio.get_running_loop().create_server(
            lambda: SMTP(Server(at_data)), "127.0.0.1", 0
        )
        port = listening.sockets[0].getsockname()[1]
        sender = MailSender(f"smtp://127.0.0.1:{port}", ACCOUNT, 600.0)
        try:
            return await sender.send(ORDER)
        finally:
            await sender.close()
            listening.close()

    return asyncio.run(all_of_it())


def hangs_up(server: SMTP) -> str:
    assert server.transport is not None
    server.transport.abort()
    return "250 OK"


def test_a_server_that_hangs_up_after_the_text_leaves_a_doubt() -> None:
    assert sent_to(hangs_up).answer is Answer.DOUBT


@pytest.mark.parametrize(("reply", "answer"), [("451 later", Answer.RETRY), ("554 spam", Answer.REFUSED)])
def test_a_text_that_is_not_taken_is_no_doubt(reply: str, answer: Answer) -> None:
    assert sent_to(lambda _: reply).answer is answer


def test_a_reply_of_4xx_that_nobody_documented_may_be_asked_again() -> None:
    assert sent_to(lambda _: "499 hm").answer is Answer.RETRY


def test_beyond_this_machine_nothing_goes_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.mail.sender._on_this_machine", lambda _: False)
    sent = sent_to(lambda _: "250 OK")

    assert (sent.answer, sent.code) == (Answer.STOPPED, "no-tls")


@pytest.mark.parametrize("url", ["http://mail.example", "mail.example:25", "smtp://"])
def test_an_address_of_another_kind_is_named_with_what_is_expected(url: str) -> None:
    with pytest.raises(ValueError, match=r"PHUSA_MAIL_URL: expected smtp://host:587"):
        MailSender(url, ACCOUNT, 1.0)


def test_an_account_never_shows_its_password_and_addresses() -> None:
    account = MailAccount("a@b.example", {"an": "an@c.example"}, "user-1", "password-1")

    assert not any(one in repr(account) for one in ("user-1", "password-1", "an@c.example"))
