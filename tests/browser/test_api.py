"""The named endpoints, as gradio_client calls them."""

import json
import urllib.request
from pathlib import Path

import av
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from studio.core.image import Picture, read_picture, write_picture
from studio.ui.api import ENDPOINTS, OTHERS
from tests.browser.conftest import SMALL, Served, publish


@pytest.fixture(scope="module")
def client(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Client:
    return Client(served.url, verbose=False, download_files=str(tmp_path_factory.mktemp("downloads")))


def test_only_the_named_endpoints_are_public(client: Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert set(named) == {f"/{name}" for name in (*ENDPOINTS, *OTHERS)}
    with urllib.request.urlopen(f"{client.src.rstrip('/')}/endpoints", timeout=60) as answer:
        assert set(json.load(answer)["endpoints"]) == set(named)


def test_faces(client: Client) -> None:
    first = client.predict(count=2, seed=5, api_name="/faces")
    again = client.predict(count=2, seed=5, api_name="/faces")
    assert [Path(path).read_bytes() for path in first] == [Path(path).read_bytes() for path in again]
    assert read_picture(first[1]).settings["seed"] == 6
    with pytest.raises(AppError, match="count"):
        client.predict(count=1000, api_name="/faces")


def test_faces_are_steered_and_filmed(client: Client) -> None:
    (plain,) = client.predict(count=1, seed=5, api_name="/faces")
    (moved,) = client.predict(count=1, seed=5, sliders="form-1=3", other="6", share=0.3, api_name="/faces")
    (dragged,) = client.predict(count=1, seed=5, drag="50,70>56,70", api_name="/faces")
    pictures = [read_picture(path) for path in (plain, moved, dragged)]
    assert len({picture.rgb.tobytes() for picture in pictures}) == 3
    code = pictures[2].settings["code"]
    film = client.predict(faces=f"5 {code}", seconds=0.5, fps=8, api_name="/walk")
    with av.open(film) as container:
        assert len(list(container.decode(video=0))) == 4
    with pytest.raises(AppError, match="no landmark"):
        client.predict(count=1, landmarks="ears=3", api_name="/faces")


def test_repair_and_style(client: Client, photo: Path, tmp_path: Path) -> None:
    mask = np.zeros((400, 600, 3), np.uint8)
    mask[100:150, 200:260] = 255
    drawn = write_picture(tmp_path / "mask.png", Picture(rgb=mask), source=None)
    found = read_picture(client.predict(picture=handle_file(photo), mask=handle_file(drawn), api_name="/repair"))
    changed = (found.rgb != read_picture(photo).rgb).any(-1)
    assert changed.any() and not (changed & (mask[..., 0] == 0)).any()
    with pytest.raises(AppError, match="no style"):
        client.predict(picture=handle_file(photo), preset="nothing", api_name="/style")


def test_pictures_are_enlarged_extended_and_enhanced(client: Client, photo: Path) -> None:
    sizes = {}
    for name, settings in (("upscale", {"factor": 2}), ("outpaint", {"left": 0.1}), ("enhance", {"contrast": "clahe"})):
        sizes[name] = read_picture(client.predict(picture=handle_file(photo), **settings, api_name=f"/{name}")).size
    assert sizes == {"upscale": (1200, 800), "outpaint": (660, 400), "enhance": (600, 400)}


def test_origins_and_own_sliders_are_told(client: Client) -> None:
    origin = client.predict(face="5", before="6", count=2, api_name="/explain")
    assert len(origin["neighbours"]) == 2 and origin["changed"].keys() == {"coarse", "middle", "fine"}
    with pytest.raises(AppError, match="mark at least 10"):
        client.predict(name="hat", has="1 2", has_not="3", api_name="/slider")


def test_pictures_are_checked(client: Client, photo: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    found = client.predict(files=[handle_file(photo), handle_file(broken)], subject="any", api_name="/check")
    assert found["usable"] == 1 and found["counts"] == {"unreadable": 1}


def test_train_refuses_and_jobs_lists(client: Client) -> None:
    with pytest.raises(AppError, match="no pictures"):
        client.predict(recipe="faces", files=None, api_name="/train")
    assert isinstance(client.predict(api_name="/jobs"), list)


def test_models_are_kept(client: Client, served: Served, tmp_path: Path) -> None:
    publish(served.library, "api-model", "restore", SMALL["restore"])
    sealed = client.predict(name="api-model", password="long enough", api_name="/model_export")
    assert Path(sealed).name == "api-model.easel-model"
    with pytest.raises(AppError, match="password"):
        client.predict(file=handle_file(sealed), password="wrong words", api_name="/model_import")
    twin = client.predict(file=handle_file(sealed), name="api-twin", password="long enough", api_name="/model_import")
    assert twin["name"] == "api-twin" and "path" not in twin
    renamed = client.predict(name="api-twin", new="api-other", api_name="/model_rename")
    assert renamed["sha256"] == served.library.card("api-model").sha256
    assert client.predict(name="api-other", api_name="/model")["ancestry"][-1]["model"] == "api-other"
    client.predict(name="api-other", api_name="/model_delete")
    assert "api-other" not in [card["name"] for card in client.predict(family="restore", api_name="/models")]
    assert client.predict(api_name="/model_undelete") == {"model": "api-other"}
    states = {one["name"]: one["state"] for one in client.predict(api_name="/model_check")}
    assert states["api-other"] == "ok" and set(states) >= {"faces", "api-model"}
    with pytest.raises(AppError, match="came with Easel"):
        client.predict(name="faces", api_name="/model_delete")
    for name in ("api-model", "api-other"):
        client.predict(name=name, api_name="/model_delete")
