"""What no camera sees whose eye is open: told from a single picture, of a camera that was never seen healthy too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.evidence import Evidence
from models.vision.findings import Finding, Grave, blur, finding, glare

if TYPE_CHECKING:
    from models.vision.look import Look

MOST = 0.93
"""Of the picture: a burnt-in clock takes up to 2 %, two lines of large text 5 %."""
ALL_BRIGHT = 0.7
"""Of 172 street photographs one had more than half its picture above 240, none more than 58 %."""
LEAST_EDGES = 15
"""Healthy pictures: 19 and more, a soft lens that sways in the wind the least of them; cloth, hands and leaves before the lens: 5 to 10."""
EDGES_PER_LIGHT, OFFSET = 0.15, 8.0
"""And beside the mean level: of a road under one weak lamp (mean 33) 0.22, of cloth, hands and leaves in daylight 0.07 to 0.11. In the dark a
camera's own view tells what is covered (models/vision/sight.py)."""
SNOW = 1.32
"""`sharp` of healthy pictures: at most 1.2; of snow 1.4 to 2.0."""
SLOPES, SOFT, FEW_EDGES = 0.38, 0.53, 19
"""`sharp` of healthy pictures: 0.43 and more, the softest of 36 clips by night; of what is out of focus by 9 pixels of 1280: 0.32 to
0.43, so that above SLOPES only a camera's own sharpness tells (models/vision/sight.py). Farther out of focus, noise is the sharpest that is
left: below SOFT with hardly any edge."""
MOST_GREEN = 0.12
DRAWN = 0.2
"""Of the blocks: 8 of 40. Street photographs have at most 2."""


def in_itself(seen: Look) -> Finding | None:
    """Why nothing can be known from this picture, whatever the camera's own view is."""
    if seen.black >= MOST:
        return finding(
            "tối đen: {} % điểm ảnh dưới 16", "black: {} % of the pixels are below 16", seen.black, Grave.SURE
        )
    if seen.dark >= MOST:
        return finding(
            "quá tối: {} % điểm ảnh dưới 28", "too dark: {} % of the pixels are below 28", seen.dark
        )
    if seen.bright >= ALL_BRIGHT:
        return glare(seen.bright)
    if seen.edges < min(LEAST_EDGES, EDGES_PER_LIGHT * (seen.mean + OFFSET)):
        return Finding(
            Evidence(
                f"bị che: không có đường nét nào (độ nét {seen.edges:.0f}, cần {LEAST_EDGES})",
                f"covered: nothing has an edge (contrast {seen.edges:.0f}, expected {LEAST_EDGES})",
            )
        )
    if seen.sharp > SNOW:
        return Finding(
            Evidence(
                f"nhiễu: mỗi điểm ảnh một khác ({seen.sharp:.1f}, thường dưới 1,2)".replace(".", ","),
                f"noise: each pixel is for itself ({seen.sharp:.1f}, usually below 1.2)",
            ),
            Grave.SURE,
        )
    return _broken(seen) or _out_of_focus(seen)


def _broken(seen: Look) -> Finding | None:
    if seen.green >= MOST_GREEN:
        return finding(
            "vỡ hình: {} % khung hình chỉ một màu xanh của bộ giải mã",
            "broken: {} % of the picture is a decoder's green",
            seen.green,
            Grave.SURE,
        )
    if seen.drawn >= DRAWN:
        return finding(
            "vỡ hình: {} % khung hình là các hàng lặp lại",
            "broken: {} % of the picture repeats its rows",
            seen.drawn,
            Grave.SURE,
        )
    return None


def _out_of_focus(seen: Look) -> Finding | None:
    if seen.sharp < SLOPES or (seen.sharp < SOFT and seen.edges < FEW_EDGES):
        return blur(seen.sharp / 0.75)
    return None
