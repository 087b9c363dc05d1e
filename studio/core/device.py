"""Which device computes, and with how many threads."""

import functools
import os
import sys
import warnings
from pathlib import Path

import torch

from studio.core.errors import BadInput

DEVICES = ("cuda", "mps", "cpu")  # in the order that "auto" tries them


def choose_device(name: str = "auto") -> torch.device:
    """The device called `name` ("cpu", "cuda", "cuda:1", "mps"), or for "auto" the first that really computes.

    Raises BadInput when the name is unknown or this computer has no such device.
    """
    if name == "auto":
        return next(torch.device(kind) for kind in DEVICES if _works(torch.device(kind)))
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or device.type not in DEVICES:
        raise BadInput(f'There is no kind of device called "{name}"; use auto, {", ".join(DEVICES)}.')
    if not _works(device):
        raise BadInput(f'This computer has no working "{name}" device; use auto or cpu.')
    return device


@functools.cache
def _works(device: torch.device) -> bool:
    """Whether the device computes a small convolution: a driver can be present and still be of no use."""
    if device.type == "cpu":
        return True
    try:
        with warnings.catch_warnings():  # torch warns about old drivers; the answer here says as much
            warnings.simplefilter("ignore")
            ones = torch.ones(1, 1, 4, 4, device=device)
            return torch.nn.functional.conv2d(ones, ones).item() == 16
    except (RuntimeError, AssertionError, NotImplementedError):
        return False


def mixed_precision(device: torch.device) -> torch.autocast:
    """A context for training steps: convolutions and products in `product_dtype`, where that is not fp32."""
    fast = product_dtype(device) == torch.bfloat16
    # Without the cache: weights change within a step, and a copy cast under no_grad would carry no gradient.
    return torch.autocast(device.type, torch.bfloat16, enabled=fast, cache_enabled=False)


def product_dtype(device: torch.device) -> torch.dtype:
    """The precision in which the device multiplies fastest where rounding is no matter: bfloat16 or float32.

    bfloat16 on CUDA from Ampere on, and on CPUs with AMX (4 to 7 times there) or AVX-512 BF16 (1.3 to 1.8 times);
    elsewhere a CPU would be slower, for products of matrices 30 times.
    """
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        capabilities = getattr(torch.cpu, "get_capabilities", dict)()  # torch before 2.9 cannot tell
        fast = device.type == "cpu" and any(capabilities.get(kind, False) for kind in ("amx_bf16", "avx512_bf16"))
    return torch.bfloat16 if fast else torch.float32


@functools.cache
def set_threads() -> int:
    """Give torch one thread for each core this process may use, once a process; returns the count.

    OMP_NUM_THREADS, which torch reads itself, goes before.
    """
    if not os.environ.get("OMP_NUM_THREADS"):
        torch.set_num_threads(core_count())
    return torch.get_num_threads()


def core_count() -> int:
    """Physical cores this process may use: those of its CPU affinity, within a container's quota."""
    logical = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    cores = {_read(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") or str(cpu) for cpu in logical}
    quota, _, period = _read("/sys/fs/cgroup/cpu.max").partition(" ")
    allowed = round(int(quota) / int(period)) if quota.isdigit() and period.isdigit() else len(cores)
    return max(1, min(len(cores), allowed))


def _read(path: str) -> str:
    """The text of a system file, "" where there is none."""
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def memory_used() -> int:
    """Bytes of memory that this process takes now; where the system does not tell, the most it took, or 0."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        pass
    try:
        import resource  # not on Windows
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
