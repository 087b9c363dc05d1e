"""python -m tests.bench [--quick]: seconds and peak memory of every task at several sizes, beside a baseline.

A table on stderr; the last line of stdout is one JSON object. Times of a task and its baseline come from one process
and take turns; memory comes from a fresh process each.
"""

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import torch

from studio import __version__
from studio.core.device import set_threads
from studio.library.store import Library
from tests.bench.cases import CASES, Case, find_library, memory_case, time_case


def run_case(index: int, library: Library, quick: bool) -> dict[str, Any]:
    """All figures of one case, from processes of their own."""
    case = CASES[index]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        seconds = pool.submit(time_case, index, library, quick).result()
        ours, baseline = (pool.submit(memory_case, index, library, which).result() for which in (0, 1))
    return {
        "task": case.task,
        "width": case.size[0],
        "height": case.size[1],
        "seconds": seconds["ours"],
        "megabytes": ours,
        "baseline": {"name": case.baseline, "seconds": seconds["baseline"], "megabytes": baseline},
        "times_faster": round(seconds["baseline"]["median"] / seconds["ours"]["median"], 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").split(": ", 1)[1])
    parser.add_argument("--quick", action="store_true", help="small sizes and few runs")
    quick = parser.parse_args().quick
    print(f"{'':<28}{'median s':>10}{'p95 s':>10}{'MB':>8}   baseline", file=sys.stderr)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        library, weights = find_library(Path(folder))
        for index, case in enumerate(CASES):
            if case.quick or not quick:
                results.append(run_case(index, library, quick))
                _show(case, results[-1])
    facts = {
        "easel": __version__,
        "weights": weights,
        "cpu": _cpu(),
        "threads": set_threads(),
        "load": round(os.getloadavg()[0], 2),
        "torch": torch.__version__,
        "opencv": cv2.__version__,
        "python": platform.python_version(),
        "quick": quick,
        "results": results,
    }
    print(json.dumps(facts))
    return 0


def _show(case: Case, result: dict[str, Any]) -> None:
    def figures(part: dict[str, Any]) -> str:
        seconds = part["seconds"]
        return f"{seconds['median']:>10.3f}{seconds['p95']:>10.3f}{part['megabytes']:>8.0f}"

    baseline = result["baseline"]
    print(f"{case.label:<28}{figures(result)} | {figures(baseline)}  {baseline['name']}", file=sys.stderr, flush=True)


def _cpu() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    raise SystemExit(main())
