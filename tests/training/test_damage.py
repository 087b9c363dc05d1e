"""Made damage and wear: what is drawn is in the mask, what is not stays, and levels mean what they say."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from studio.models.damage import WEIGHTS, WINDOWS, DamageConfig, DamageNet, top_hat
from tests.pictures import scene
from training import damage
from training.damage import KINDS, damaged, flakes, scanned
from training.degrade import Wear, blurred, degraded, noisy
from training.metrics import psnr
from training.trainers.damage import WIDE, Dice, deepened, joined, widths


@given(
    seed=st.integers(0, 10_000),
    width=st.integers(40, 120),
    height=st.integers(40, 120),
    spread=st.sampled_from([1.0, 1.7, 3.0]),
    textured=st.booleans(),
)
def test_pixels_outside_the_mask_hardly_change(
    seed: int, width: int, height: int, spread: float, textured: bool
) -> None:
    rgb = scene(width, height, seed=seed)
    made, mask = damaged(rgb, np.random.default_rng(seed), spread=spread, textured=textured)
    assert made.shape == rgb.shape and made.dtype == np.uint8 and mask.shape == rgb.shape[:2]
    change = cv2.absdiff(made, rgb).max(2)
    assert (change[mask] > 10).all(), "what is marked can be seen"
    assert (change[~mask] <= 80).all(), "what is not, hardly: at most a soft edge"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_covers_some_but_not_all(kind) -> None:  # type: ignore[no-untyped-def]
    covers = []
    for seed in range(12):
        for layer in kind((96, 128), np.random.default_rng(seed)):
            assert layer.cover.shape == (96, 128) and layer.cover.dtype == np.float32
            assert layer.cover.min() >= 0 and layer.cover.max() <= 1 and len(layer.colour) == 3
            covers.append(float((layer.cover > 0.15).mean()))
    assert 0.0005 < np.mean(covers) < 0.4


def test_the_same_seed_draws_the_same() -> None:
    rgb = scene(100, 80)
    first, second = (damaged(rgb, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first[0], second[0]) and np.array_equal(first[1], second[1])
    assert scanned(rgb, np.random.default_rng(1)).shape == rgb.shape


def test_what_shows_can_have_the_texture_of_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flake, but for its edge, is even, or it is not."""
    monkeypatch.setattr(damage, "KINDS", tuple(lambda size, rng: flakes(size, rng)[:1] for _ in KINDS))
    rgb = np.full((96, 96, 3), (20, 60, 120), np.uint8)
    seen = 0
    for seed in range(8):
        spreads = []
        for textured in (False, True):
            made, mask = damaged(rgb, np.random.default_rng(seed), textured=textured)
            inside = cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            spreads.append(cv2.Laplacian(made[..., 1].astype(np.float32), cv2.CV_32F)[inside])
        plain, rough = (np.median(np.abs(values)) if values.size else None for values in spreads)
        assert plain in (0, None) and rough != 0
        seen += plain is not None and rough is not None
    assert seen > 4


def test_noise_has_the_deviation_of_its_level() -> None:
    grey = np.full((200, 200, 3), 128, np.uint8)
    rng = np.random.default_rng(0)
    for _ in range(8):
        made = noisy(grey, Wear(noise=20), rng)
        assert abs(made.std() - 20) < 2
    assert Wear(noise=25, quality=60, blur=1.5).levels == (0.5, 0.4, 0.5)


def test_more_blur_is_further_from_the_picture() -> None:
    rgb = scene(128, 96, seed=2)
    for seed in range(8):
        weak, strong = (blurred(rgb, Wear(blur=blur), np.random.default_rng(seed)) for blur in (0.6, 2.5))
        assert psnr(weak, rgb) > psnr(strong, rgb)


@given(seed=st.integers(0, 10_000))
def test_wear_keeps_the_size_and_its_levels_lie_in_their_spans(seed: int) -> None:
    rgb = scene(48, 48, seed=seed)
    made, wear = degraded(rgb, np.random.default_rng(seed))
    assert made.shape == rgb.shape and made.dtype == np.uint8
    assert all(0 <= level <= 1.1 for level in wear.levels)
    assert any(wear.levels) or np.array_equal(made, rgb)


@pytest.mark.parametrize("side", WINDOWS)
def test_top_hats_are_those_of_morphology(side: int) -> None:
    grey = np.random.default_rng(3).random((40, 50)).astype(np.float32)
    window = np.ones((side, side), np.uint8)
    for sign, operation in ((1, cv2.MORPH_TOPHAT), (-1, cv2.MORPH_BLACKHAT)):
        wanted = cv2.morphologyEx(grey, operation, window, borderType=cv2.BORDER_REPLICATE)
        found = top_hat(torch.from_numpy(sign * grey)[None, None], side)[0, 0].numpy()
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_a_deepened_net_tells_the_same_and_can_learn_more() -> None:
    shallow = DamageNet(DamageConfig(widths=(4, 8, 12)))
    for parameter in shallow.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    deep = deepened(shallow)
    assert deep.config == DamageConfig(widths=widths(4), wide=WIDE)
    x = torch.rand(1, 3, 64, 64) * 2 - 1
    assert torch.equal(deep(x), shallow(x))
    deep(x).square().mean().backward()
    added = deep.body.up[len(shallow.config.widths) - 1 :]
    grads = [parameter.grad for parameter in added.parameters()]
    assert any(grad is not None and grad.any() for grad in grads), "the new stages are not dead"
    assert deepened(deep) is deep


def test_a_net_from_before_wide_blocks_brings_what_fits() -> None:
    before = DamageNet(DamageConfig(widths=widths(4)))
    now = deepened(before)
    assert now.config.wide == WIDE
    known, taken = before.state_dict(), now.state_dict()
    same = {name for name in known if name in taken and torch.equal(known[name], taken[name])}
    assert {name.rpartition(".")[0] for name in known if name not in same} <= {
        "body.leave.3.0.conv1",
        "body.leave.3.0.conv2",
        "body.enter.4.0.conv1",
        "body.enter.4.0.conv2",
    }


def test_a_place_is_judged_by_the_whole_picture() -> None:
    torch.manual_seed(0)
    net = DamageNet(DamageConfig(widths=(4, 8), wide=(0, 1)))
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    plain = torch.zeros(1, 3, 64, 256)
    dotted = plain.clone()
    dotted[..., ::4, 200::4] = 1
    with torch.no_grad():
        alone, among = net(plain)[..., :32], net(dotted)[..., :32]  # further from the dots than a kernel reaches
    assert (alone - among).abs().max() > 1e-3


def test_a_picture_is_seen_at_its_size_and_at_half_of_it() -> None:
    torch.manual_seed(0)
    net = DamageNet(DamageConfig(widths=(4, 8)))
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    x = torch.rand(1, 3, net.multiple, 2 * net.multiple)
    with torch.no_grad():
        far = F.interpolate(net.view(F.avg_pool2d(x, 2)), scale_factor=2, mode="bilinear")
        torch.testing.assert_close(net(x), WEIGHTS[0] * net.view(x) + WEIGHTS[1] * far)


@pytest.mark.parametrize(("size", "crops", "side"), [(448, 3, 768), (448, 1, 448), (512, 16, 1024), (2048, 4, 2048)])
def test_a_large_crop_has_the_pixels_of_several(size: int, crops: int, side: int) -> None:
    assert joined(size, crops, 64) == side


def test_dice_is_that_of_many_batches_and_so_is_its_gradient() -> None:
    torch.manual_seed(1)
    dice, batches = Dice(), []
    for share in (0.5, 0.1, 0.0):  # the last one of sound pictures alone
        logits = torch.randn(2, 1, 8, 8, requires_grad=True)
        batches.append((logits, (torch.rand(2, 1, 8, 8) < share).float()))
        told = dice(*batches[-1])
    told.backward()
    hits = torch.stack([(logits.sigmoid() * wanted).sum() for logits, wanted in batches]).sum()
    both = torch.stack([(logits.sigmoid() + wanted).sum() for logits, wanted in batches]).sum()
    torch.testing.assert_close(dice.hits / dice.both, (hits / both).detach())
    (wanted,) = torch.autograd.grad(1 - 2 * hits / both, [batches[-1][0]])
    assert batches[-1][0].grad is not None
    torch.testing.assert_close(batches[-1][0].grad, wanted * len(batches))
