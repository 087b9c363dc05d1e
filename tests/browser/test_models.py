"""The Models tab in a real browser: a model is renamed, exported under a password, deleted, brought back, checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import download
from tests.browser.conftest import SMALL, Served, Visit, publish, serving

PASSWORD = "long enough"


@pytest.fixture
def page(served: Served, visit: Visit) -> Page:
    """The tab, with a model of one's own called keep-me."""
    if "keep-me" not in served.library.names():
        publish(served.library, "keep-me", "restore", SMALL["restore"])
    page = visit.open(served.url)
    open_models(page)
    return page


def open_models(page: Page) -> None:
    page.get_by_role("tab", name="Models", exact=True).click()
    expect(page.locator("#models-cards .ez-model").first).to_be_visible()


def choose(page: Page, name: str) -> None:
    page.click(f"#models-cards [data-model={name}]")
    expect(page.locator("#models-facts")).to_contain_text(name)


def card(page: Page, name: str):
    return page.locator(f"#models-cards [data-model={name}]")


def test_a_model_is_renamed_exported_deleted_undone_imported_and_checked(
    served: Served, page: Page, tmp_path: Path
) -> None:
    library = served.library
    sha256 = library.card("keep-me").sha256
    choose(page, "keep-me")
    expect(page.locator("#models-facts")).to_contain_text(sha256)
    page.fill("#models-name :is(input, textarea)", "kept")
    page.click("#models-rename")
    expect(card(page, "kept")).to_have_class("ez-model selected")
    expect(card(page, "keep-me")).to_have_count(0)

    page.fill("#models-password input", "short")
    page.click("#models-export")
    expect(page.get_by_text("The password is too short; take at least 8 characters.")).to_be_visible()
    page.fill("#models-password input", PASSWORD)
    page.click("#models-export")
    expect(page.locator("#models-download")).to_have_text("Download kept.easel-model")
    file = download(page, "#models-download", tmp_path)
    assert file.read_bytes().startswith(b"EASELENC")

    page.click("#models-delete")
    expect(page.locator("#models-deleted")).to_have_text("“kept” is deleted.")
    expect(card(page, "kept")).to_have_count(0)
    assert "kept" not in library.names()
    page.click("#models-undo")
    expect(card(page, "kept")).to_have_class("ez-model selected")
    assert library.card("kept").sha256 == sha256

    page.click("#models-import button.label-wrap")
    page.set_input_files("#models-file input[type=file]", str(file))
    page.fill("#models-import-name :is(input, textarea)", "twin")
    page.fill("#models-import-password input", "wrong words")
    page.click("#models-import-go")
    expect(page.get_by_text("The password is not that of kept.easel-model")).to_be_visible()
    page.fill("#models-import-password input", PASSWORD)
    page.click("#models-import-go")
    expect(card(page, "twin")).to_have_class("ez-model selected")
    expect(page.locator("#models-import-password")).to_be_hidden()
    assert library.card("twin").sha256 == sha256

    path = library.card("twin").path
    path.write_bytes(path.read_bytes()[:-1])
    page.click("#models-check-all")
    expect(page.locator("#models-report")).to_contain_text("The file of the model 'twin' is damaged; delete it")
    expect(card(page, "twin").locator(".badge.damaged")).to_be_visible()
    expect(card(page, "kept").locator(".badge.ok")).to_be_visible()
    choose(page, "twin")
    page.click("#models-delete")
    expect(card(page, "twin")).to_have_count(0)
    page.click("#models-check-all")
    expect(page.locator("#models-report")).to_contain_text("files are whole.")


def test_a_deleted_model_is_brought_back_later_or_removed_for_good(served: Served, page: Page) -> None:
    served.library.delete("keep-me")
    page.get_by_role("tab", name="History", exact=True).click()
    open_models(page)
    page.click("#models-trash button.label-wrap")
    expect(page.locator("#models-trashed input")).to_have_value("keep-me")
    page.click("#models-undelete")
    expect(card(page, "keep-me")).to_have_class("ez-model selected")
    page.click("#models-delete")
    expect(card(page, "keep-me")).to_have_count(0)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("#models-forget")
    page.wait_for_timeout(500)
    assert any(deleted.name == "keep-me" for deleted in served.library.deleted()), "the answer was no"
    expect(page.locator("#models-trashed input")).to_have_value("keep-me")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#models-forget")
    expect(page.get_by_text("“keep-me” is gone for good.")).to_be_visible()
    assert not any(deleted.name == "keep-me" for deleted in served.library.deleted())


def test_a_chain_leads_from_model_to_model(served: Served, page: Page, visit: Visit) -> None:
    library = served.library
    base = library.card("keep-me")
    net = library.load("keep-me")
    library.publish("tuned", net, "restore", net.config, {"title": "Tuned"}, base)  # type: ignore[arg-type]
    with visit.leaving():
        page.reload()
        open_models(page)
    choose(page, "tuned")
    page.click("#models-facts .chain [data-model=keep-me]")
    expect(page.locator("#models-facts h3")).to_have_text("keep-me")
    expect(card(page, "keep-me")).to_have_class("ez-model selected")
    choose(page, "restore")
    expect(page.locator("#models-delete")).to_be_hidden()
    expect(page.locator("#models-name")).to_be_hidden()
    library.delete("tuned")


@pytest.fixture
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("still"), "serve", "--read-only") as found:
        yield found


def test_a_read_only_library_is_shown_checked_and_exported_only(still: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(still.url)
    open_models(page)
    choose(page, "codec")
    for part in ("name", "delete", "import", "trash"):
        expect(page.locator(f"#models-{part}")).to_be_hidden()
    page.click("#models-check")
    expect(page.locator("#models-report")).to_have_text("The file of “codec” is whole.")
    page.click("#models-export")
    expect(page.locator("#models-download")).to_be_visible()
    assert download(page, "#models-download", tmp_path).name == "codec.safetensors"


def test_it_speaks_chinese(page: Page, visit: Visit) -> None:
    with visit.leaving():
        page.click("#header [data-part=language]")
        expect(page.get_by_role("tab", name="模型", exact=True)).to_be_visible()
    page.get_by_role("tab", name="模型", exact=True).click()
    expect(page.locator("#models-cards")).to_contain_text("Easel 内置")
    page.click("#models-cards [data-model=faces]")
    expect(page.locator("#models-facts")).to_contain_text("未记录校验和")
