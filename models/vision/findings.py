"""What was found of a picture that cannot be counted on, in words."""

from __future__ import annotations

from models.envelope.evidence import Evidence


def glare(bright: float) -> Evidence:
    """Too bright: the share of the picture above 240."""
    return evidence(
        "lóa sáng: {} % điểm ảnh trên 240", "overexposed: {} % of the pixels are above 240", bright
    )


def blur(kept: float) -> Evidence:
    """Out of focus: what is left of its own detail."""
    return evidence(
        "mờ: còn {} % chi tiết thường ngày", "blurred: {} % of its own detail is left", min(kept, 1.0)
    )


def covered(kept: float) -> Evidence:
    """Something is before the lens: what is left of the detail."""
    return evidence(
        "bị che: không còn khung hình đã học, chi tiết còn {} %",
        "covered: its own view is gone, {} % of the detail is left",
        min(kept, 1.0),
    )


def evidence(vi: str, en: str, share: float) -> Evidence:
    """A finding in both languages, with a share as a percentage."""
    percent = f"{100 * share:.0f}"
    return Evidence(vi.format(percent), en.format(percent))
