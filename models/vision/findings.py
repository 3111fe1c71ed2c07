"""What was found of a picture that cannot be counted on: how much it takes away, and in words."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from models.envelope.evidence import Evidence


class Grave(enum.Enum):
    """How a finding is to be taken: nothing can be known; the same, but it may be somebody who passes; or nothing is sure."""

    SURE = "sure"
    PASSING = "passing"
    VEIL = "veil"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason not to count on a picture."""

    why: Evidence
    grave: Grave = Grave.PASSING


def finding(vi: str, en: str, share: float, grave: Grave = Grave.PASSING) -> Finding:
    """In both languages, with a share as a percentage."""
    percent = f"{100 * share:.0f}"
    return Finding(Evidence(vi.format(percent), en.format(percent)), grave)


def glare(bright: float) -> Finding:
    """Too bright: the share of the picture above 240."""
    return finding(
        "lóa sáng: {} % điểm ảnh trên 240", "overexposed: {} % of the pixels are above 240", bright
    )


def blur(kept: float) -> Finding:
    """Out of focus: what is left of its own detail."""
    return finding(
        "mờ: còn {} % chi tiết thường ngày", "blurred: {} % of its own detail is left", min(kept, 1.0)
    )


def covered(kept: float) -> Finding:
    """Something is before the lens: what is left of the detail."""
    return finding(
        "bị che: không còn khung hình đã học, chi tiết còn {} %",
        "covered: its own view is gone, {} % of the detail is left",
        min(kept, 1.0),
    )


def partly(lost: float) -> Finding:
    """So much of the view is lost that no count of it is good."""
    return finding(
        "bị che hoặc vỡ hình một phần: mất {} % khung hình",
        "partly covered or broken: {} % of the view is lost",
        lost,
    )


def veil(kept: float) -> Finding:
    """Fog, breath, dust: the whole view is there, and pale."""
    return finding(
        "mờ đục (sương, hơi nước trên kính?): tương phản còn {} %",
        "hazy (fog, or breath on the glass?): {} % of its own contrast is left",
        kept,
        Grave.VEIL,
    )


def spots(lost: float) -> Finding:
    """Drops, a web, a leaf: parts of the view are lost, and most is there."""
    return finding(
        "vướng kính (giọt mưa, mạng nhện?): {} % khung hình không rõ",
        "something on the glass (drops, a web?): {} % of the view is not clear",
        lost,
        Grave.VEIL,
    )
