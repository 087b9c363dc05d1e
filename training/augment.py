"""Augmentation: of batches, differentiable, against little data (Zhao et al., DiffAugment, 2020); of pictures."""

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.damage import bare


def diff_augment(x: Tensor, probability: float = 0.7, shift: float = 0.1) -> Tensor:
    """Colour and translation on a share of [B, 3, H, W]; gradients pass. For real and made pictures alike.

    Of four channels the last is alpha - 0.5, and the colours lie on grey, which is 0; that is around what is shifted.
    """
    chosen = (torch.rand(len(x), 1, 1, 1, device=x.device) < probability).to(x.dtype)

    def draw(spread: float) -> Tensor:
        return (torch.rand(len(x), 1, 1, 1, device=x.device) - 0.5) * 2 * spread

    colours, alpha = x[:, :3], x[:, 3:]
    seen = alpha + 0.5 if alpha.shape[1] else torch.ones_like(x[:, :1])
    y = colours + draw(0.4) * seen  # brightness
    grey = y.mean(1, keepdim=True)
    y = grey + (y - grey) * (1 + draw(0.8))  # saturation
    centre = y.mean((1, 2, 3), keepdim=True) / seen.mean((1, 2, 3), keepdim=True).clamp(min=1e-3) * seen
    y = centre + (y - centre) * (1 + draw(0.4))  # contrast
    theta = torch.zeros(len(x), 2, 3, device=x.device)
    theta[:, 0, 0] = theta[:, 1, 1] = 1
    pixels = x.shape[-1]
    offset = ((torch.rand(len(x), 2, device=x.device) * 2 - 1) * shift * pixels).round() * 2 / pixels
    theta[:, :, 2] = offset
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    y = torch.cat([y, alpha + 0.5], 1)
    y = F.grid_sample(y, grid, mode="nearest", padding_mode="zeros", align_corners=False)
    y = torch.cat([y[:, :3], y[:, 3:] - 0.5], 1)
    return x + chosen * (y - x)


def turned_and_lit(x: Tensor) -> Tensor:
    """[B, 3, H, W] in [-1, 1], mirrored or not, turned, shifted and scaled a little, in other light and colours."""
    batch = len(x)

    def draw(spread: float, *shape: int) -> Tensor:
        return spread * (2 * torch.rand(batch, *shape, device=x.device) - 1)

    angle, scale = draw(0.1), 1 + draw(0.06)
    mirror = torch.where(torch.rand(batch, device=x.device) < 0.5, -1.0, 1.0)
    rows = [
        torch.stack([mirror * scale * angle.cos(), -scale * angle.sin(), draw(0.05)], 1),
        torch.stack([mirror * scale * angle.sin(), scale * angle.cos(), draw(0.05)], 1),
    ]
    places = F.affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    x = F.grid_sample(x, places, padding_mode="reflection", align_corners=False)
    centre = x.mean((2, 3), keepdim=True)
    x = centre + (x - centre) * (1 + draw(0.2, 1, 1, 1)) + draw(0.15, 1, 1, 1) + draw(0.08, 3, 1, 1)
    grey = x.mean(1, keepdim=True)
    return (grey + (x - grey) * (1 + draw(0.3, 1, 1, 1))).clamp(-1, 1)


def toned(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [H, W, 3] as an old print: grey, or grey with a weak warm or cold tint."""
    grey = rgb @ np.array([0.299, 0.587, 0.114])
    tint = 1 + rng.normal(0, 0.06, 3) * np.array([1, 0.3, -1]) if rng.random() < 0.6 else np.ones(3)
    return np.clip(grey[..., None] * tint, 0, 255).astype(np.uint8)


def aged(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [H, W, 3] as a scan of a print that is faded and yellowed all over, the paper that shows with it."""
    black, white = rng.uniform(0, 60), rng.uniform(180, 255)
    levels = black + (white - black) * (np.arange(256) / 255) ** rng.uniform(0.8, 1.25)
    yellowed = rng.uniform(0, 0.35) * np.array([0.0, 0.35, 1.0])
    tables = (levels[:, None] * (1 - yellowed)).round().astype(np.uint8)
    return cv2.LUT(np.ascontiguousarray(rgb), tables.reshape(256, 1, 3))


def recoloured(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [H, W, 3] with its channels exchanged and their gain and brightness changed: a picture in other colours."""
    gain, shift = rng.uniform(0.6, 1.4, 3), rng.uniform(-40, 40, 3)
    changed = (rgb[..., rng.permutation(3)] - 128.0) * gain + 128 + shift
    return np.clip(changed, 0, 255).astype(np.uint8)


def exposed(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [H, W, 3] taken up to a stop too dark, or up to two too bright: what was light is blown out."""
    linear = (np.arange(256) / 255) ** 2.2 * 2 ** rng.uniform(-1, 2)
    return (linear.clip(0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8)[rgb]


def bleached(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [H, W, 3] with some things in it in a colour that damage has: their edges and shades stay."""
    soft, grey = cv2.GaussianBlur(rgb, (0, 0), 3), cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine, changed = grey - cv2.GaussianBlur(grey, (0, 0), 6), rgb.astype(np.float32)
    for _ in range(rng.integers(3, 10)):  # most places lie in something too small, too large or too flat
        thing = alike(soft, rng)
        if not 0.003 < thing.mean() < 0.2 or (fine[thing].std() < 4 and grey[thing].std() < 12):
            continue
        shades = (grey - grey[thing].mean()) * rng.uniform(0.7, 1.5)
        cover = cv2.GaussianBlur(thing.astype(np.float32), (0, 0), 1)[..., None]
        changed += cover * (bare(rng, dark=0.25) + shades[..., None] - changed)
    return changed.clip(0, 255).astype(np.uint8)


def alike(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where uint8 [H, W, 3] is of a colour like that at some place, and connected with it; bool [H, W]."""
    height, width = rgb.shape[:2]
    found, reach = np.zeros((height + 2, width + 2), np.uint8), (rng.uniform(12, 60),) * 3
    seed = int(rng.integers(width)), int(rng.integers(height))
    cv2.floodFill(rgb.copy(), found, seed, 0, reach, reach, 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE)
    return cv2.morphologyEx(found[1:-1, 1:-1], cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)) > 0
