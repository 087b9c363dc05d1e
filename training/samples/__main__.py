"""python -m training.samples [--out DIR]: draw the example pictures; the same seed gives the same pictures."""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from studio.core.errors import StudioError
from studio.core.image import Picture, write_picture
from studio.core.settings import assets_dir
from training.samples.landscape import landscape
from training.samples.old_photo import old_photo
from training.samples.still_life import still_life

QUALITY = 86
SEED = 7


def pictures(seed: int, scale: float = 1.0) -> dict[str, np.ndarray]:
    """The examples by file name, uint8 [H, W, 3]; `scale` makes all of them smaller."""

    def size(width: int, height: int) -> tuple[int, int]:
        return round(width * scale), round(height * scale)

    lake = landscape(size(1280, 853), seed)
    old, mask = old_photo(cv2.resize(lake, size(1080, 720), interpolation=cv2.INTER_AREA), seed)
    return {
        "mountain-lake.jpg": lake,
        "still-life.jpg": still_life(size(1024, 768), seed),
        "old-photo.jpg": old,
        "old-photo-mask.png": np.repeat(mask[..., None].astype(np.uint8) * 255, 3, axis=2),
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.samples", description="Draw the example pictures.")
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="folder (default: assets/samples)")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="another seed draws other pictures (default: %(default)s)"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="size, 1 is full (default: %(default)s)")
    values = parser.parse_args(arguments)
    folder = values.out or assets_dir() / "samples"
    try:
        for name, rgb in pictures(values.seed, values.scale).items():
            path = write_picture(folder / name, Picture(rgb=rgb), source=None, quality=QUALITY)  # no model made these
            print(f"{path}: {path.stat().st_size // 1000} kB")
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
