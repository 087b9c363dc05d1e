"""The middlewares before the page, without a server."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studio.ui.guard import LOGINS, Bucket, OwnFiles, RateLimit, SameOrigin, user_of
from studio.ui.server import Facts


async def page(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


def status(guard: Any, path: str = "/", method: str = "GET", cookie: str = "", **headers: str) -> int:
    """What a request is answered with."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    given = headers | ({"cookie": cookie} if cookie else {})
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "client": ("10.0.0.1", 1),
        "headers": [(key.encode(), value.encode()) for key, value in given.items()],
        "app": SimpleNamespace(tokens={"t1": "ann"}, cookie_id="x"),
    }
    assert user_of(scope) == ("ann" if "t1" in cookie else None)
    with pytest.raises(StopIteration):  # nothing here waits; and a browser's loop may run in this thread
        guard(scope, None, send).send(None)
    return sent[0]["status"]


@pytest.mark.parametrize(
    "host, origin, expected",
    [
        ("localhost:7860", None, 200),
        ("127.0.0.1:7860", "http://127.0.0.1:7860", 200),
        ("[::1]:7860", "http://[::1]:7860", 200),
        ("localhost:7860", "http://localhost:8000", 200),  # allowed
        ("localhost:7860", "http://localhost:8001", 403),
        ("localhost:7860", "null", 403),
        ("evil.example:7860", None, 403),  # a foreign name pointed at this computer
        ("evil.example:7860", "http://evil.example:7860", 403),
    ],
)
def test_a_local_studio_answers_its_own_pages(host: str, origin: str | None, expected: int) -> None:
    guard = SameOrigin(page, origins=["http://localhost:8000/"])
    assert status(guard, host=host, **({"origin": origin} if origin else {})) == expected


def test_the_start_does_not_wait_for_the_page() -> None:
    """Gradio asks for the head of / and gives up after three seconds."""

    def slow(scope: Any, receive: Any, send: Any) -> Any:
        pytest.fail("the page was asked")

    assert status(Facts(slow, studio=None, api_only=False), method="HEAD") == 200  # type: ignore[arg-type]
    assert status(Facts(page, studio=None, api_only=False)) == 200  # type: ignore[arg-type]


def test_a_served_studio_answers_under_any_name_but_not_to_other_sites() -> None:
    guard = SameOrigin(page, local=False)
    assert status(guard, host="studio.example") == 200
    assert status(guard, host="studio.example", origin="https://studio.example") == 200
    assert status(guard, host="studio.example", origin="https://evil.example") == 403


def test_a_bucket_fills_again() -> None:
    bucket = Bucket(rate=60)
    assert [bucket.take(bucket.when) for _ in range(60)] == [0.0] * 60
    assert bucket.take(bucket.when) == pytest.approx(1.0)
    assert bucket.take(bucket.when + 1.0) == 0.0


def test_requests_are_counted_by_user_and_logins_by_address() -> None:
    guard = RateLimit(page, rate=3)
    tries = [status(guard, "/gradio_api/queue/join", "POST", cookie="access-token-x=t1") for _ in range(4)]
    assert tries == [200, 200, 200, 429]
    assert status(guard, "/gradio_api/queue/join", "POST") == 200  # somebody else
    assert status(guard, "/", "GET", cookie="access-token-x=t1") == 200
    logins = [status(guard, "/login", "POST") for _ in range(LOGINS + 1)]
    assert logins == [200] * LOGINS + [429]
    assert status(RateLimit(page, rate=0), "/gradio_api/queue/join", "POST") == 200


def test_results_are_their_owners(tmp_path: Path) -> None:
    guard = OwnFiles(page, tmp_path / "results")
    cookie = "access-token-unsecure-x=t1"
    own, other = (f"/gradio_api/file={tmp_path}/results/{name}/1/face.png" for name in ("ann", "ben"))
    assert status(guard, own, cookie=cookie) == 200
    assert status(guard, own) == 403
    assert status(guard, other, cookie=cookie) == 403
    assert status(guard, f"/gradio_api/file={tmp_path}/results/ann/../ben/1/face.png", cookie=cookie) == 403
    assert status(guard, f"/gradio_api/file={tmp_path}/results/_/1/face.png") == 200  # made where nobody logs in
    assert status(guard, f"/gradio_api/file={tmp_path}/samples/1.jpg", cookie=cookie) == 200
