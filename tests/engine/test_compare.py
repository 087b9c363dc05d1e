"""A GAN and a VAE side by side: the same seeds, the same face, what is measured, and what the files say."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput, Cancelled
from studio.core.image import Picture, read_picture
from studio.core.likeness import psnr, sharpness
from studio.core.portrait import FaceBox, FaceFinder
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.generators import GANFaces, VAEFaces, face_generator
from studio.engine.tasks.compare import ROWS, CompareRequest, CompareResult, save
from studio.engine.tasks.faces import FacesRequest
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import MESH, LandmarkNet
from studio.models.vae import VAE
from tests.pictures import scene


def compare(engine: Engine, **settings) -> CompareResult:
    return engine.run(CompareRequest(**{"count": 3, "steps": 4, **settings}))


@pytest.fixture
def photo(monkeypatch: pytest.MonkeyPatch) -> Picture:
    """A photo in which a face is found, its points where an upright face has them."""
    points = np.full((len(MESH), 2), 0.5)
    for index, place in ((468, (0.385, 0.45)), (473, (0.615, 0.45)), (61, (0.42, 0.63)), (291, (0.58, 0.63))):
        points[MESH.index(index)] = place
    monkeypatch.setattr(FaceFinder, "find", lambda self, rgb: [FaceBox(200, 150, 100)])
    monkeypatch.setattr(LandmarkNet, "locate", lambda self, face: points)
    return Picture(rgb=scene(300, 400, seed=2), name="photo.jpg")


def test_both_draw_the_same_seeds_and_each_can_be_made_again(engine: Engine) -> None:
    done = compare(engine, seed=5)
    for name, rows in (("faces", done.gan), ("vae", done.vae)):
        assert tuple(rows) == ROWS
        assert [len(rows[row].pictures) for row in ROWS] == [3, 3, 4]
        assert len({picture.rgb.tobytes() for picture in rows["samples"].pictures}) == 3
        assert all(picture.settings["by"] == name for row in rows.values() for picture in row.pictures)
    faces = engine.run(FacesRequest(count=3, seed=5)).faces
    assert all(np.array_equal(a.rgb, b.picture.rgb) for a, b in zip(done.gan["samples"].pictures, faces, strict=True))
    last = done.vae["samples"].pictures[2]
    known = {item.name for item in CompareRequest.explained()}
    again = compare(engine, **{key: value for key, value in last.settings.items() if key in known})
    assert np.array_equal(again.vae["samples"].pictures[0].rgb, last.rgb)
    middle = done.gan["interpolation"].pictures[1]
    drawn = engine.run(FacesRequest.of(middle.settings)).faces[0].picture.rgb
    assert np.abs(drawn.astype(int) - middle.rgb).max() <= 2, "a code in a file has 16 bits"


def test_without_a_photo_the_samples_of_the_gan_are_reconstructed(engine: Engine) -> None:
    done = compare(engine)
    assert done.own and done.settings["originals"] == "samples of the GAN"
    samples = [picture.rgb for picture in done.gan["samples"].pictures]
    assert all(np.array_equal(a.rgb, b) for a, b in zip(done.originals, samples, strict=True))
    assert done.sharpness == sharpness(samples)
    for rows in (done.gan, done.vae):
        row = rows["reconstructions"]
        assert row.psnr == tuple(psnr(a, b.rgb) for a, b in zip(samples, row.pictures, strict=True))
        assert row.sharpness == sharpness([picture.rgb for picture in row.pictures])


def test_the_way_leads_from_seed_to_seed_or_from_the_photo(engine: Engine, photo: Picture) -> None:
    done, of_photo = compare(engine, seed=3, end=4), compare(engine, picture=photo, end=4)
    for plain, given in ((done.gan, of_photo.gan), (done.vae, of_photo.vae)):
        way = plain["interpolation"].pictures
        assert np.array_equal(way[0].rgb, plain["samples"].pictures[0].rgb)
        assert np.array_equal(way[-1].rgb, plain["samples"].pictures[1].rgb)
        whole = np.abs(way[0].rgb.astype(int) - way[-1].rgb).mean()
        assert all(np.abs(a.rgb.astype(int) - b.rgb).mean() < whole for a, b in pairwise(way))
        assert np.array_equal(given["interpolation"].pictures[0].rgb, given["reconstructions"].pictures[0].rgb)
        assert np.array_equal(given["interpolation"].pictures[-1].rgb, way[-1].rgb)
        assert len(given["reconstructions"].psnr) == 1
    assert not of_photo.own and of_photo.originals[0].source is None
    assert of_photo.picture.source is DigitalSource.COMPOSITE, "the photo is on the sheet"


def test_a_network_that_gives_back_what_it_sees_is_found_to_do_so(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VAE, "encode", lambda self, x: (x.flatten(1), x.flatten(1)))
    monkeypatch.setattr(VAE, "decode", lambda self, z: z.view(-1, 3, 16, 16))
    monkeypatch.setattr(VAE, "drawn", lambda self, noise: torch.zeros(1, 3 * 16 * 16))
    row = compare(engine).vae["reconstructions"]
    assert min(row.psnr) > 100 > max(compare(engine).gan["reconstructions"].psnr)


def test_every_file_is_marked_and_says_how_it_was_made(engine: Engine, tmp_path: Path) -> None:
    done = compare(engine, count=2)
    files = save(done, tmp_path / "all.png")
    assert files[0].name == "all.png" and len({path.name for path in files}) == 1 + 2 * (2 + 2 + 4)
    for path in files:
        picture = read_picture(path)
        assert picture.source is DigitalSource.GENERATED and picture.settings["easel"]
    sheet = read_picture(files[0])
    assert sheet.settings["figures"]["vae"]["reconstructions"] == done.vae["reconstructions"].figures
    assert sheet.height > 7 * 16 and sheet.width > 4 * 16


def test_other_families_and_hopeless_photos_are_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for settings, words in (
        ({"vae": "faces"}, "'faces' is for faces, not for vae"),
        ({"model": "vae"}, "'vae' is for vae, not for faces"),
    ):
        with pytest.raises(BadInput, match=words):
            compare(engine, **settings)
    monkeypatch.setattr(FaceFinder, "find", lambda self, rgb: [])
    with pytest.raises(BadInput, match=r"No face was found in wall\.png"):
        compare(engine, picture=Picture(rgb=scene(64, 64), name="wall.png"))


def test_it_tells_how_far_it_is_and_can_be_stopped(engine: Engine) -> None:
    told: list[Progress] = []
    engine.run(CompareRequest(count=2, steps=2), TaskControl(listener=told.append))
    shares = [news.step / news.total for news in told]
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) == 12
    control = TaskControl(listener=lambda news: control.cancel())
    with pytest.raises(Cancelled):
        engine.run(CompareRequest(), control)


@pytest.mark.parametrize(("name", "kind"), [("faces", GANFaces), ("vae", VAEFaces)])
def test_a_face_near_another_is_another_and_near(engine: Engine, name: str, kind: type) -> None:
    with torch.inference_mode():
        network = engine.model(name)
        assert isinstance(network, FaceGAN | VAE)
        generator = face_generator(name, network, engine.device)
        assert isinstance(generator, kind) and generator.size == 16
        draw = torch.Generator().manual_seed(0)
        spread, moved = [], []
        for seed in range(40):
            code, other = generator.of_seed(seed, 1.0), generator.of_seed(seed + 1000, 1.0)
            spread.append((code - other).norm().item())
            moved.append((generator.near(code, draw) - code).norm().item())
        assert 0.1 * np.mean(spread) < np.mean(moved) < 0.9 * np.mean(spread)


def test_what_draws_no_faces_is_no_generator(engine: Engine) -> None:
    with pytest.raises(BadInput, match="'repair' draws no faces"):
        face_generator("repair", engine.model("repair"), engine.device)
