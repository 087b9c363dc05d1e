"""Compressed pictures: any size and content comes back, the same everywhere, with all it carried."""

import copy
import dataclasses
import os
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from studio.core.errors import BadInput, ModelCorrupt, ModelMissing
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.codec import coder
from studio.engine.codec.container import INFLATED, inflate, unpack
from studio.engine.codec.entropy import LIMIT, SymbolReader, SymbolWriter
from studio.engine.codec.exact import exact
from studio.engine.codec.fit import fitted
from studio.engine.engine import Engine
from studio.engine.pixels import to_tensor
from studio.engine.tasks.compress import CompressRequest
from studio.engine.tasks.expand import ExpandRequest
from studio.library.store import Library
from studio.models.codec import SCALES, Codec, bits, log_scale
from tests.engine.conftest import publish
from tests.pictures import noise, scene

MANY = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FORGED = "quality", "width", "height", "LATS", "ALPH", "ICCP", "META"
SIZES = st.tuples(st.integers(1, 70), st.integers(1, 70))


def compressed(engine: Engine, picture: Picture, quality: int = 4) -> bytes:
    return engine.run(CompressRequest(picture=picture, quality=quality)).data


def expanded(engine: Engine, data: bytes, name: str = "photo.easel") -> Picture:
    with tempfile.TemporaryDirectory() as folder:
        (file := Path(folder, name)).write_bytes(data)
        return engine.run(ExpandRequest(file=file)).picture


def shown(engine: Engine, rgb: np.ndarray, quality: int) -> np.ndarray:
    """What the network gives at this quality without any coding: symbols rounded, in one pass."""
    net = cast(Codec, engine.model("codec", "codec"))
    height, width = rgb.shape[:2]
    padded = np.pad(rgb, ((0, -height % 16), (0, -width % 16), (0, 0)), mode="edge")
    x = to_tensor(padded, torch.device("cpu"))
    with torch.inference_mode():
        level = torch.tensor([quality - 1.0])
        made, _ = net.transmit(fitted(net, net.analyse(x, level), x, level), level)
    return made[0].permute(1, 2, 0).clamp(-1, 1).add(1).mul(127.5).numpy()[:height, :width]


@pytest.mark.parametrize("steep", [1, 300])
def test_fitted_latents_cost_less_whatever_the_network(engine: Engine, steep: float) -> None:
    net = copy.deepcopy(cast(Codec, engine.model("codec", "codec")))
    with torch.no_grad():
        net.loss.add_(np.log2(steep))
    x, level = to_tensor(scene(64, 48, seed=1), torch.device("cpu")), torch.tensor([5.0])

    def cost(y: torch.Tensor) -> float:
        made, rate = net.transmit(y, level)
        return float(255**2 * net.trade_off(level) * (made - x).square().sum() / 12 + rate)

    with torch.inference_mode():
        plain = net.analyse(x, level)
        found = fitted(net, plain, x, level)
        assert cost(found) < cost(plain) if steep == 1 else cost(found) <= cost(plain)


@MANY
@given(size=SIZES, kind=st.sampled_from(["noise", "scene", "flat"]), seed=st.integers(0, 99), quality=st.integers(1, 8))
def test_any_picture_comes_back_in_its_size(
    engine: Engine, size: tuple[int, int], kind: str, seed: int, quality: int
) -> None:
    flat = np.full((size[1], size[0], 3), seed, np.uint8)
    rgb = {"noise": noise(*size, seed=seed), "scene": scene(*size, seed=seed), "flat": flat}[kind]
    data = compressed(engine, Picture(rgb=rgb), quality)
    found = expanded(engine, data)
    assert found.size == size and found.alpha is None and found.icc is None
    assert compressed(engine, Picture(rgb=rgb), quality) == data, "the same file every time"
    # Rounding falls the other way here and there: single and double precision differ, and much follows from it.
    assert np.median(np.abs(found.rgb - shown(engine, rgb, quality))) < 4


def test_tiles_change_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    data = compressed(engine, Picture(rgb=scene(200, 150, seed=1)))
    whole = expanded(engine, data).rgb
    net = cast(Codec, engine.model("codec"))
    container = unpack(data, "")
    with torch.inference_mode():
        y = torch.randn(1, 6, 10, 13, dtype=torch.float64).mul(8)
        sure, level = exact(net), torch.tensor([3.0], dtype=torch.float64)
        at_once = coder.to_rgb(sure.synthesise(y, level))
        monkeypatch.setattr(coder, "TILE", 4)
        in_tiles = coder._synthesised(sure, y, level, TaskControl())
        again = expanded(engine, compressed(engine, Picture(rgb=scene(200, 150, seed=1)))).rgb
    assert np.array_equal(at_once, in_tiles), "the tiles' pixels are those of one whole pass, to the last bit"
    assert np.median(np.abs(again.astype(int) - whole)) <= 1 and container.chunks.keys() == {b"LATS"}


EXPAND = """
import sys, zlib
from pathlib import Path
import torch
from studio.engine.engine import Engine
from studio.engine.tasks.expand import ExpandRequest
from studio.library.store import Library
shipped, user, *files = map(Path, sys.argv[1:])
engine = Engine(Library(shipped, user), "cpu")
for file in files:
    picture = engine.run(ExpandRequest(file=file)).picture
    print(torch.get_num_threads(), zlib.crc32(picture.rgb.tobytes()))
"""


def test_other_processes_with_other_thread_counts_see_the_same_pixels(
    engine: Engine, library: Library, tmp_path: Path
) -> None:
    files, wanted = [], []
    for index, size in enumerate([(150, 90), (33, 300), (1, 1)]):
        data = compressed(engine, Picture(rgb=noise(*size, seed=index)), quality=8)
        files.append(tmp_path / f"{index}.easel")
        files[-1].write_bytes(data)
        wanted.append(zlib.crc32(expanded(engine, data).rgb.tobytes()))
    for threads in ("1", "2"):
        command = [sys.executable, "-c", EXPAND, str(library.shipped), str(library.user), *map(str, files)]
        environment = os.environ | {"OMP_NUM_THREADS": threads}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert [line.split() for line in done.stdout.splitlines()] == [[threads, str(crc)] for crc in wanted]


def test_sums_of_the_exact_network_do_not_depend_on_their_order(engine: Engine) -> None:
    sure = exact(cast(Codec, engine.model("codec")))
    conv, shuffled = (copy.deepcopy(sure.context) for _ in range(2))
    order = torch.randperm(conv.in_channels)
    x = torch.randn(1, conv.in_channels, 9, 9, dtype=torch.float64) * 100
    with torch.inference_mode(False), torch.no_grad():
        shuffled.weight.copy_(conv.weight[:, order])
        assert torch.equal(conv(x), shuffled(x[:, order]))
        plain = cast(Codec, engine.model("codec")).context
        torch.testing.assert_close(conv(x).float(), plain(x.float()), rtol=1e-2, atol=1e-2)


def test_weights_too_large_for_exact_sums_are_refused(engine: Engine) -> None:
    net = copy.deepcopy(cast(Codec, engine.model("codec")))
    with torch.inference_mode(False), torch.no_grad():
        net.context.weight.fill_(60_000)
        with pytest.raises(ModelCorrupt, match="too large to decode the same"):
            exact(net)


def test_all_a_picture_carries_comes_back(engine: Engine) -> None:
    alpha = noise(40, 30, 1, seed=3)[..., 0]
    picture = Picture(
        rgb=scene(40, 30, seed=3),
        alpha=alpha,
        icc=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        settings={"task": "style", "name": "雪"},
        source=DigitalSource.COMPOSITE,
    )
    found = expanded(engine, compressed(engine, picture), "holiday.easel")
    assert found.alpha is not None and np.array_equal(found.alpha, alpha)
    assert found.icc == picture.icc and found.settings == picture.settings and found.source is picture.source
    assert found.name == "holiday.png"


def test_colours_beneath_alpha_zero_cost_nothing(engine: Engine) -> None:
    alpha = np.full((64, 64), 255, np.uint8)
    alpha[:, 20:] = 0
    rgb = np.full((64, 64, 3), 90, np.uint8)
    hidden = np.where(alpha[..., None] > 0, rgb, noise(64, 64, seed=1))
    assert compressed(engine, Picture(rgb=hidden, alpha=alpha)) == compressed(engine, Picture(rgb=rgb, alpha=alpha))


def test_a_higher_quality_takes_more_bytes() -> None:
    picture, shipped = Picture(rgb=scene(96, 96, seed=4)), Engine(Library.default(), "cpu")
    sizes = [len(compressed(shipped, picture, quality)) for quality in range(1, 9)]
    assert sizes == sorted(set(sizes))  # of the model that ships: to an untrained one low qualities are not worth a bit
    with pytest.raises(BadInput, match="quality"):
        CompressRequest(picture=picture, quality=9)


@MANY
@given(st.data())
def test_numbers_of_any_size_are_coded_at_any_scale(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 60))
    numbers = np.array(
        data.draw(st.lists(st.integers(-LIMIT, LIMIT) | st.integers(-3, 3), min_size=count, max_size=count)), np.int32
    )
    indices = np.array(data.draw(st.lists(st.integers(0, SCALES - 1), min_size=count, max_size=count)), np.uint8)
    writer = SymbolWriter()
    writer.put(numbers, indices)
    writer.put(numbers[::-1], indices)
    reader = SymbolReader(writer.bytes())
    assert np.array_equal(reader.get(indices), numbers) and np.array_equal(reader.get(indices), numbers[::-1])


def test_numbers_take_the_bits_that_the_training_counts() -> None:
    rng = np.random.default_rng(0)
    indices = np.repeat(np.arange(SCALES, dtype=np.uint8), 500)
    scales = np.exp(log_scale(torch.from_numpy(indices).float()).numpy())
    numbers = rng.logistic(0, scales).round().astype(np.int32)
    writer = SymbolWriter()
    writer.put(numbers, indices)
    counted = bits(torch.from_numpy(numbers).float(), log_scale(torch.from_numpy(indices).float())).sum().item()
    assert 8 * len(writer.bytes()) == pytest.approx(counted, rel=0.001, abs=64)


@MANY
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_file_with_any_bit_changed_is_refused_in_one_sentence(engine: Engine, place: float, bit: int) -> None:
    data = bytearray(compressed(engine, Picture(rgb=scene(30, 20, seed=5), alpha=np.full((20, 30), 9, np.uint8))))
    data[int(place * len(data))] ^= 1 << bit
    with pytest.raises(BadInput, match=r"^photo\.easel (is|was) [^.]+; [^.]+\.(easel\.)?$"):
        expanded(engine, bytes(data))


@pytest.mark.parametrize("content", [b"", b"EASL", b"\x89PNG\r\n\x1a\n" + bytes(200), bytes(500)])
def test_a_foreign_file_is_refused(engine: Engine, content: bytes) -> None:
    with pytest.raises(BadInput, match=r"photo\.easel is not a file that Easel compressed"):
        expanded(engine, content)


def test_a_file_that_is_not_there_is_named(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"lost\.easel cannot be read"):
        engine.run(ExpandRequest(file=tmp_path / "lost.easel"))


def test_a_file_cut_short_or_of_a_newer_easel_is_refused(engine: Engine) -> None:
    data = compressed(engine, Picture(rgb=scene(30, 20, seed=5)))
    with pytest.raises(BadInput, match="cut short"):
        expanded(engine, data[:-9])
    with pytest.raises(BadInput, match="newer Easel"):
        expanded(engine, data[:4] + b"\x02" + data[5:])


@MANY
@given(
    changes=st.sampled_from(["quality", "width", "height", "LATS", "ALPH", "ICCP", "META"]), junk=st.binary(max_size=60)
)
def test_a_forged_file_is_refused_or_opens_but_never_fails_otherwise(engine: Engine, changes: str, junk: bytes) -> None:
    whole = unpack(compressed(engine, Picture(rgb=scene(30, 20, seed=5))), "")
    number = int.from_bytes(junk[:4], "little")
    forged = {
        "quality": lambda: dataclasses.replace(whole, quality=number % 256),
        "width": lambda: dataclasses.replace(whole, width=number % 3_000 if number % 2 else number),
        "height": lambda: dataclasses.replace(whole, height=number % 3_000 if number % 2 else number),
    }.get(changes, lambda: dataclasses.replace(whole, chunks={**whole.chunks, changes.encode(): junk}))()
    try:
        expanded(engine, forged.pack())
    except BadInput as error:
        assert str(error).startswith("photo.easel ")


def test_what_inflates_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        inflate(zlib.compress(bytes(INFLATED + 1)))


def test_the_model_that_compressed_is_found_by_its_weights(engine: Engine, library: Library) -> None:
    picture = Picture(rgb=scene(30, 20, seed=6))
    data = compressed(engine, picture)
    whole = expanded(engine, data).rgb
    library.rename("codec", "mine")
    publish(library, "codec", seed=1)
    assert np.array_equal(expanded(Engine(library, "cpu"), data).rgb, whole)
    library.delete("mine")
    with pytest.raises(ModelMissing, match=r"photo\.easel was compressed with the codec model [0-9a-f]{8}, which"):
        expanded(Engine(library, "cpu"), data)


def test_without_a_codec_model_the_sentence_names_it(library: Library) -> None:
    library.delete("codec")
    with pytest.raises(ModelMissing, match="codec"):
        compressed(Engine(library, "cpu"), Picture(rgb=scene(30, 20)))
