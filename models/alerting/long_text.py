"""A message as a phone shows it that has room: a title, where, the figures, when, what to do, the link, a line each, with accents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.link import with_link
from models.alerting.words import beside
from models.catalogue.kinds import title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.alerting.sending import Order

LINK = "lien_ket"
"""The field of the link to the phone page; a message without a link does not have it."""


def long_text(template: str, fields: Mapping[str, str]) -> str:
    """The lines of a template (our own name of it) with its fields (models.alerting.wording.FIELDS, LINK); empty lines are left out.

    It is what Zalo shows of the template that is registered there, and what a way without templates may send.
    """
    level, station = fields.get("muc", ""), fields.get("tram", "")
    value = beside(fields.get("hien_tuong", ""), fields.get("gia_tri", ""))
    lines = (
        title(template).registered,
        f"{level} – {station}" if level else station,
        ", ".join(part for part in (value, fields.get("so_sanh", "")) if part),
        fields.get("thoi_gian", ""),
        fields.get("viec_can_lam", ""),
        fields.get(LINK, ""),
    )
    return "\n".join(line for line in lines if line)


def text_with_link(order: Order) -> str:
    """The whole text of an order, the link its last line; of one without a template its SMS."""
    fields = order.template_data | ({LINK: order.link} if order.link else {})
    return long_text(order.template_id, fields) or with_link(order.sms_text, order.link)
