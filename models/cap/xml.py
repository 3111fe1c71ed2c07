"""CAP 1.2 and Atom as XML, written by the standard library, which escapes every text; nothing of strangers is ever parsed here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from models.alerting.words import VIETNAM
from models.cap.message import MsgType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from models.cap.message import Area, Info, Message

CAP, ATOM = "urn:oasis:names:tc:emergency:cap:1.2", "http://www.w3.org/2005/Atom"
HAMLET = "phusa:hamlet"
"""The name of our codes of hamlets as a geocode."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry, not even escaped."""
_KIND = {MsgType.ALERT: "", MsgType.UPDATE: "Cập nhật (update): ", MsgType.CANCEL: "Kết thúc (over): "}

register_namespace("cap", CAP)
register_namespace("atom", ATOM)


def when(at: datetime) -> str:
    """A date as CAP writes it: a numeric offset, ours, and never Z.

    >>> from datetime import UTC, datetime
    >>> when(datetime(2025, 11, 1, 18, 5, 9, tzinfo=UTC))
    '2025-11-02T01:05:09+07:00'
    """
    return at.astimezone(VIETNAM).isoformat(timespec="seconds")


def cap(message: Message) -> bytes:
    """The message as a document in UTF-8, its elements in the order of the schema."""
    root = Element(f"{{{CAP}}}alert")
    _fill(
        root,
        identifier=message.identifier,
        sender=message.sender,
        sent=when(message.sent),
        status=message.status.value,
        msgType=message.type.value,
        scope="Public",
        note=message.note,
        references=" ".join(f"{sender},{name},{when(sent)}" for sender, name, sent in message.references),
        incidents=_quoted(message.incident),
    )
    for info in message.infos:
        _info(SubElement(root, f"{{{CAP}}}info"), info)
    return _document(root)


def feed(
    messages: Sequence[Message], title: str, sender: str, links: Mapping[str, str], now: datetime
) -> bytes:
    """An Atom feed (RFC 4287) of the messages, the newest first; `links` by identifier, relative to the feed's own address.

    `now` is when a feed without messages was last true.
    """
    root = Element(f"{{{ATOM}}}feed")
    _of(root, "id", f"urn:x-phusa:cap:{sender}")
    _of(root, "title", title)
    _of(root, "updated", when(max((one.sent for one in messages), default=now)))
    _of(SubElement(root, f"{{{ATOM}}}author"), "name", title)
    _link(root, "self", "feed.xml", "application/atom+xml")
    for message in sorted(messages, key=lambda one: (one.sent, one.identifier), reverse=True):
        entry = SubElement(root, f"{{{ATOM}}}entry")
        first = message.infos[0]
        _of(entry, "id", f"urn:x-phusa:cap:{message.sender}:{message.identifier}")
        _of(entry, "title", _KIND[message.type] + first.headline)
        _of(entry, "updated", when(message.sent))
        _of(entry, "summary", "\n".join(f"{info.description} {info.instruction}" for info in message.infos))
        for term in (message.status.value, message.type.value, first.severity):
            SubElement(entry, f"{{{ATOM}}}category", {"term": term})
        _link(entry, "alternate", links[message.identifier], "application/cap+xml")
    return _document(root)


def _info(element: Element, info: Info) -> None:
    _fill(
        element,
        language=info.language,
        category=info.category,
        event=info.event,
        responseType=info.response,
        urgency=info.urgency,
        severity=info.severity,
        certainty=info.certainty,
        effective=when(info.effective),
        onset=when(info.onset),
        expires=when(info.expires),
        senderName=info.sender_name,
        headline=info.headline,
        description=info.description,
        instruction=info.instruction,
    )
    _area(SubElement(element, f"{{{CAP}}}area"), info.area)


def _area(element: Element, area: Area) -> None:
    _fill(element, areaDesc=area.words)
    for ring in area.polygons:
        _fill(element, polygon=" ".join(f"{latitude:.5f},{longitude:.5f}" for latitude, longitude in ring))
    for code in area.hamlets:
        _fill(SubElement(element, f"{{{CAP}}}geocode"), valueName=HAMLET, value=code)


def _fill(element: Element, **texts: str) -> None:
    """Children in this order; what is empty is left out."""
    for name, text in texts.items():
        if text:
            SubElement(element, f"{{{CAP}}}{name}").text = _clean(text)


def _of(element: Element, name: str, text: str) -> None:
    SubElement(element, f"{{{ATOM}}}{name}").text = _clean(text)


def _link(element: Element, relation: str, address: str, kind: str) -> None:
    SubElement(element, f"{{{ATOM}}}link", {"rel": relation, "href": _clean(address), "type": kind})


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _quoted(incident: str) -> str:
    """CAP separates incidents by spaces; one with a space stands in quotation marks."""
    return f'"{incident}"' if " " in incident else incident


def _document(root: Element) -> bytes:
    indent(root)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made
