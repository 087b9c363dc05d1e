"""Two real processes that train together: the same weights in both, and those of one process with the whole batch."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from studio.core.errors import BadInput
from studio.jobs.spec import EncoderSpec, FacesSpec
from studio.library.store import Library
from training import distributed
from training.data import order
from training.evaluate.lockstep import weight_difference

PATIENCE = 500.0  # seconds; a busy computer may need them

RUN = """
import sys
from pathlib import Path
from safetensors.torch import save_file
from studio.jobs.spec import spec_from_json
from studio.library.store import Library
from training import distributed
from training.loop import run_training
from training.recipes import RECIPES

folder, caught = Path(sys.argv[1]), []

class Caught(RECIPES["faces"]):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        caught.append(self)

RECIPES["faces"] = Caught
spec = spec_from_json((folder / "spec.json").read_text())
library = Library(folder / "shipped", folder / "models")
pause = lambda status: "pause" if status.images == 16 else "go"
with distributed.joined("cpu"):
    stopped = run_training(spec, folder / "run", library=library, device="cpu", control=pause, tell_seconds=0)
    assert (stopped.state, stopped.images) == ("paused", 16), stopped
    done = run_training(spec, folder / "run", library=library, device="cpu", tell_seconds=0)
    assert done.state == "done" and (done.model is not None) == distributed.is_first(), done
    net = {key: value.contiguous() for key, value in caught[-1].net.state_dict().items()}
    save_file(net, folder / f"net-{distributed.rank()}.safetensors")
"""


def environment() -> dict[str, str]:
    return dict(os.environ) | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.getcwd()}


@pytest.mark.skipif(sys.platform == "win32", reason="torchrun needs gloo there")
def test_two_processes_learn_what_one_does_with_the_whole_batch(folder: Path, library: Library, tmp_path: Path) -> None:
    spec = EncoderSpec(data=(str(folder),), base="small", batch=4, images=16, rank=4, lr=0.1)
    figures = weight_difference(spec, library, tmp_path, steps=4)
    assert figures["ddp_update"] > 0.01, "they learnt something"
    assert figures["ddp_rank_diff"] == 0
    assert figures["ddp_update_diff"] < 0.02 and figures["ddp_weight_diff"] < 0.02


@pytest.mark.skipif(sys.platform == "win32", reason="torchrun needs gloo there")
def test_torchrun_trains_stops_and_goes_on_as_one_run(folder: Path, library: Library, tmp_path: Path) -> None:
    spec = FacesSpec(data=(str(folder),), name="tiny", size=32, width=16, batch=4, images=32, warmup=8)
    (tmp_path / "spec.json").write_text(spec.to_json())
    (tmp_path / "run.py").write_text(RUN)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*command, str(tmp_path / "run.py"), str(tmp_path)], env=environment(), capture_output=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr.decode()
    ours, theirs = load_file(tmp_path / "net-0.safetensors"), load_file(tmp_path / "net-1.safetensors")
    for key, value in ours.items():
        assert torch.equal(theirs[key], value), key
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [line["images"] for line in lines] == list(range(4, 33, 4))
    assert [card.name for card in library.cards("faces")] == ["small", "tiny"]
    assert library.card("tiny").images_seen == 32


def test_the_shares_make_up_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = order(7, 12, 6, 0)
    parts = []
    monkeypatch.setattr(distributed, "size", lambda: 3)
    for rank in range(3):
        monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
        parts += order(7, 12, 6, 0)
    assert parts == whole
    with pytest.raises(BadInput, match="batch of 4 cannot be shared by 3"):
        order(7, 12, 4, 0)


def test_alone_nothing_is_shared() -> None:
    layer = torch.nn.Linear(2, 2)
    optimiser = torch.optim.Adam(layer.parameters())
    layer(torch.ones(1, 2)).sum().backward()
    gradient = layer.weight.grad
    distributed.join([layer], [optimiser])
    distributed.average_gradients(optimiser)
    assert layer.weight.grad is gradient
    assert distributed.own_noise(0, 0) is None and distributed.is_first()
    assert distributed.told(3, torch.device("cpu")) == 3 and not distributed.any_of(False, torch.device("cpu"))
    assert np.array_equal(order(5, 0, 5, 1), order(5, 0, 5, 1))
