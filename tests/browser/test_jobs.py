"""The job list: the queue's order, what a training shows and what can be made of it, and tasks in the background."""

import json
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from studio.core.image import Picture, write_picture
from studio.jobs.launch import ensure_worker, worker_lock
from studio.jobs.spec import FacesSpec
from studio.jobs.store import JobStore
from studio.jobs.task import TaskSpec
from tests.browser.conftest import Served, Visit


def tab_of(visit: Visit, served: Served):
    page = visit.open(served.url)
    page.get_by_role("tab", name="Training").click()
    return page


def test_runs_are_watched_compared_and_run_again(served: Served, visit: Visit, tmp_path: Path) -> None:
    store = JobStore(served.home.jobs_db)
    with worker_lock(served.home).acquire(timeout=60):  # no worker may take the jobs
        jobs = [store.submit(FacesSpec(data=(str(tmp_path),), name=name)) for name in ("anna", "ben", "cleo")]
        for job in jobs[:2]:
            store.request(job.id, "pause")
            lines = [{"images": i, "seconds": i, "memory": 300, "reconstruction": 1 / (i + 1)} for i in range(30)]
            job.run_dir.mkdir(parents=True)
            (job.run_dir / "metrics.jsonl").write_text("\n".join(map(json.dumps, lines)))
            for seen in (0, 9, 29):
                rgb = np.full((40, 60, 3), 8 * seen, np.uint8)
                write_picture(job.run_dir / "sheets" / f"{seen:09d}.png", Picture(rgb=rgb), source=None)
        page = tab_of(visit, served)
        page.locator(f'[data-job="{jobs[0].id}"]').click()
        expect(page.locator("#jobs-reading")).to_contain_text("Healthy")
        caption = page.locator("#jobs-timeline figcaption")
        expect(caption).to_have_text("29 pictures seen")
        page.locator("#jobs-timeline input").focus()
        page.keyboard.press("Home")
        expect(caption).to_have_text("0 pictures seen")
        page.locator("#jobs-compare input").click()
        page.get_by_role("option", name=f"ben {jobs[1].id}").click()
        expect(page.locator("#jobs-timeline figure")).to_have_count(2)
        page.locator("#jobs-again button").first.click()
        page.locator("#jobs-clone").click()
        expect(page.locator(".ez-job", has_text="anna")).to_have_count(2)
        waiting = page.locator(".ez-job.queued")
        expect(waiting).to_have_count(2)
        expect(waiting.filter(has_text="cleo")).to_contain_text("Place 1 of 2")
        waiting.filter(has_text="cleo").locator("[data-action=down]").click()
        expect(waiting.filter(has_text="cleo")).to_contain_text("Place 2 of 2")
        for job in store.list():
            store.request(job.id, "cancel")
    for job in store.list():
        store.delete(job.id)


def test_a_task_in_the_background_shows_its_results(served: Served, visit: Visit, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for index in range(2):
        picture = Picture(rgb=rng.integers(0, 256, (40, 60, 3), np.uint8))
        write_picture(tmp_path / f"photo-{index}.png", picture, source=None)
    store = JobStore(served.home.jobs_db)
    spec = TaskSpec(task="enhance", pictures=(str(tmp_path),), settings={"balance": 1.0}, name="my holiday")
    job = store.submit(spec)
    ensure_worker(served.home)
    page = tab_of(visit, served)
    card = page.locator(f'[data-job="{job.id}"]')
    expect(card).to_contain_text("Enhancing")
    expect(card).to_contain_text("Done", timeout=90_000)
    card.click()
    expect(page.locator("#jobs-results img")).to_have_count(2)
    expect(page.locator("#jobs-files")).to_contain_text("photo-1")
    end = time.monotonic() + 30
    while store.get(job.id).state != "done" and time.monotonic() < end:
        time.sleep(0.1)
    store.delete(job.id)
