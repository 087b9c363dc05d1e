"""Devices that are there, that are not, and that only seem to be."""

import os
import subprocess
import sys

import pytest
import torch

from studio.core import device
from studio.core.errors import BadInput


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch):
    """Pretend that exactly these kinds of device compute."""

    def pretend(*kinds: str) -> None:
        monkeypatch.setattr(device, "_works", lambda chosen: chosen.type in kinds)

    return pretend


def test_auto_gives_a_device_that_computes() -> None:
    chosen = device.choose_device()
    assert (torch.ones(2, device=chosen) + 1).sum().item() == 4


def test_auto_takes_the_fastest_that_works(only) -> None:
    only("cuda", "mps", "cpu")
    assert device.choose_device("auto").type == "cuda"
    only("mps", "cpu")
    assert device.choose_device("auto").type == "mps"
    only("cpu")
    assert device.choose_device("auto").type == "cpu"


@pytest.mark.parametrize("name", ["banana", "", "gpu", "meta", "cuda:x"])
def test_unknown_device_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="no kind of device"):
        device.choose_device(name)


@pytest.mark.parametrize("name", ["cuda", "cuda:7", "mps"])
def test_absent_device_is_refused(name: str, only) -> None:
    only("cpu")
    with pytest.raises(BadInput, match=f'no working "{name}" device'):
        device.choose_device(name)


def test_device_beyond_the_last_does_not_work() -> None:
    with pytest.raises(BadInput, match="no working"):
        device.choose_device("cuda:99")


def test_driver_that_fails_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args, **kwargs):
        raise RuntimeError("no kernel image is available for execution on the device")

    device._works.cache_clear()
    monkeypatch.setattr(torch, "ones", fail)
    try:
        assert device.choose_device("auto").type == "cpu"
    finally:
        device._works.cache_clear()


def count_threads(code: str, **environment: str) -> int:
    """What a fresh interpreter prints, since threads are set once a process."""
    variables = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"} | environment
    command = [sys.executable, "-c", f"from studio.core.device import *; import os\n{code}"]
    return int(subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout)


def test_threads_are_those_of_the_affinity() -> None:
    code = "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); print(set_threads())"
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system has no CPU affinity")
    assert count_threads(code) == 1


def test_threads_asked_for_by_the_user_are_kept() -> None:
    assert count_threads("set_threads(); print(torch.get_num_threads())", OMP_NUM_THREADS="1") == 1


@pytest.mark.parametrize(
    ("quota", "siblings", "count"),
    [
        ("max 100000", "", 8),
        ("", "", 8),
        ("200000 100000", "", 2),
        ("50000 100000", "", 1),
        ("max 100000", "twins", 4),
        ("nonsense", "", 8),
    ],
)
def test_cores(monkeypatch: pytest.MonkeyPatch, quota: str, siblings: str, count: int) -> None:
    def read(path: str) -> str:
        if path.endswith("cpu.max"):
            return quota
        cpu = int(path.split("/cpu/cpu")[1].split("/")[0])
        return f"{cpu % 4},{cpu % 4 + 4}" if siblings else ""

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(device, "_read", read)
    assert device.core_count() == count


def test_mixed_precision_rounds_products_only_where_that_is_fast() -> None:
    x = torch.randn(8, 8)
    with device.mixed_precision(torch.device("cpu")):
        made = x @ x
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    capable = capabilities.get("amx_bf16", False) or capabilities.get("avx512_bf16", False)
    assert made.dtype == (torch.bfloat16 if capable else torch.float32)
    assert (x @ x).dtype == torch.float32


def test_mixed_precision_sees_weights_that_change_within_a_step() -> None:
    layer = torch.nn.Linear(4, 4, bias=False)
    x = torch.ones(1, 4)
    with device.mixed_precision(torch.device("cpu")):
        with torch.no_grad():
            layer(x)
            layer.weight.fill_(2.0)
        made = layer(x)
        made.float().sum().backward()
    assert made[0, 0].item() == 8
    assert layer.weight.grad is not None
