"""Seconds and memory of a call, measured in the process that makes it."""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Work = Callable[[], Any]


def seconds(works: dict[str, Work], *, least: int, budget: float) -> dict[str, dict[str, float]]:
    """Median and p95 of each work, after one call to warm up; the works take turns, so that what else the computer does
    hits all alike. At least `least` rounds, then more until `budget` seconds are over, at most 20."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    started = time.perf_counter()
    while (rounds := len(next(iter(taken.values())))) < least or (
        rounds < 20 and time.perf_counter() - started < budget
    ):
        for name, work in works.items():
            before = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - before)
    return {
        name: {
            "median": round(statistics.median(times), 4),
            "p95": round(float(np.percentile(times, 95)), 4),
            "runs": len(times),
        }
        for name, times in taken.items()
    }


def peak_megabytes(work: Work) -> float:
    """Memory that one call needs beyond what the process held before it.

    Meant for a process that has not done the work before: freed memory that the allocator keeps would hide the need.
    """
    before = _resident()
    try:
        Path("/proc/self/clear_refs").write_text("5")  # resets the peak, on Linux
    except OSError:
        before = _peak()
    work()
    return round(max(0.0, _peak() - before) / 1e6, 1)


def _resident() -> int:
    """Bytes in memory now; the peak where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return _peak()


def _peak() -> int:
    """The most bytes this process held in memory."""
    try:
        (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
