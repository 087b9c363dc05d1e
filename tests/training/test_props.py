"""The recipe of props: what it reads, how it widens it, and the way from a folder to a sheet."""

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput
from studio.core.image import read_picture
from studio.core.sprites.atlas import read_sheet
from studio.core.sprites.sheet import rgba
from studio.core.sprites.square import squared
from studio.engine.engine import Engine
from studio.engine.tasks.props import PropsRequest, save
from studio.jobs.goals import plan_for
from studio.jobs.spec import PropsSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig
from training.augment import diff_augment
from training.data import opaque, to_tensor
from training.followers import followers
from training.loop import run_training
from training.samples.props import prop


def test_a_folder_becomes_a_model_and_the_model_a_sheet(folder: Path, library: Library, tmp_path: Path) -> None:
    """Trained for seconds, it knows where its props are and where nothing is."""
    data = (str(folder.parent / "props"),)
    spec = PropsSpec(data=data, name="loot", size=16, width=32, batch=8, images=1600, warmup=1600, lr=1e-3)
    name = run_training(spec, tmp_path / "run", library=library, device="cpu").model
    assert name == "loot" and followers(spec, name, tmp_path) == []
    net = library.load(name)
    assert isinstance(net, FaceGAN) and net.config.image_channels == 4 and library.card(name).family == "props"
    done = Engine(library, "cpu").run(PropsRequest(model="loot", count=4))
    _, sheet, *files = save(done, tmp_path / "sheet.png")
    assert len(files) == len(read_sheet(sheet).frames) == 4
    shares = []
    for path in sorted(Path(data[0]).iterdir()):
        like = read_picture(path)
        again = Engine(library, "cpu").run(PropsRequest(model="loot", picture=like, change=0.0, count=1)).props[0]
        wanted, found = squared(like, 16)[..., 3] > 127, rgba(again)[..., 3] > 127
        shares.append((wanted & found).sum() / (wanted | found).sum())
    assert np.mean(shares) > 0.4


def test_pictures_without_transparency_are_refused(folder: Path, library: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is transparent anywhere"):
        run_training(PropsSpec(data=(str(folder),)), tmp_path / "run", library=library, device="cpu")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.png").write_text("no picture")
    with pytest.raises(BadInput, match="No picture could be read"):
        run_training(PropsSpec(data=(str(tmp_path / "bad"),)), tmp_path / "run", library=library, device="cpu")


def test_augmentation_leaves_what_is_transparent_without_colour() -> None:
    torch.manual_seed(0)
    alpha = (torch.rand(8, 1, 16, 16) > 0.5).float()
    x = torch.cat([(torch.rand(8, 3, 16, 16) * 2 - 1) * alpha, alpha - 0.5], 1)
    y = diff_augment(x, probability=1.0)
    nothing = y[:, 3:].expand(-1, 3, -1, -1) == -0.5
    assert torch.allclose(y[:, :3][nothing], torch.tensor(0.0), atol=1e-5)
    assert (y[:, :3] - x[:, :3]).abs().mean() > 0.1 and set(y[:, 3].unique().tolist()) == {-0.5, 0.5}


def test_three_channels_are_widened_as_before() -> None:
    """Brightness, saturation and contrast of Zhao et al. by hand, with the draws of the same seed."""
    x = torch.rand(4, 3, 8, 8) * 2 - 1
    torch.manual_seed(2)
    y = diff_augment(x, probability=1.0, shift=0.0)
    torch.manual_seed(2)
    torch.rand(4, 1, 1, 1)
    brightness, saturation, contrast = ((torch.rand(4, 1, 1, 1) - 0.5) * 2 * spread for spread in (0.4, 0.8, 0.4))
    z = x + brightness
    z = z.mean(1, keepdim=True) + (z - z.mean(1, keepdim=True)) * (1 + saturation)
    z = z.mean((1, 2, 3), keepdim=True) + (z - z.mean((1, 2, 3), keepdim=True)) * (1 + contrast)
    torch.testing.assert_close(y, z, rtol=1e-4, atol=1e-5)


def test_an_untrained_encoder_tells_props_apart() -> None:
    """Were what is transparent far from 0, all of them would look alike to it, and it would not learn."""
    torch.manual_seed(0)
    encoder = FaceGAN(FaceGANConfig(channels=(32, 32, 24), image_channels=4)).encoder
    x = to_tensor([squared(prop(index, 32)[1], 32) for index in range(18)])
    with torch.no_grad():
        z = torch.nn.functional.normalize(encoder(x), dim=1)
    alike = (z @ z.T - torch.eye(18)).sum() / (18 * 17)
    assert alike < 0.75
    assert torch.equal(opaque(x), x[:, :3]) and float(x[:, :3, 0, 0].abs().max()) < 0.01, "corners are grey"


def test_the_wizard_plans_props() -> None:
    plan = plan_for("props", 200, "short")
    assert plan.why == "plan.scratch" and plan.settings["warmup"] <= plan.settings["images"]
    PropsSpec(data=("x",), **plan.settings)
