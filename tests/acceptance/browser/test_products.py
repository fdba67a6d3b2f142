"""Several products of one Drive, told in a real browser before a local Google."""

import base64
from collections.abc import Iterator

import httpx
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.acceptance.browser.conftest import House
from tests.acceptance.browser.test_stories import RESULT, settled, waiting
from tests.browser import heading, press, text, until_heading
from tests.pipeline_builders import GUIDE

pytestmark = pytest.mark.xdist_group("browser")
FOLDERS = ("Monitor Files", "Gateway Files")
FILE = "Ward Security Guide.md"


@pytest.fixture
def folders(house: House) -> Iterator[None]:
    """Two folders in the Drive and a guide in the first; they are gone afterwards."""
    file = {"id": "ward", "name": FILE, "parent": "f-0", "kind": "file", "mime": "text/markdown"}
    content = base64.b64encode(GUIDE + b"\nFor wards.\n").decode()
    items = [{"id": f"f-{place}", "name": name, "kind": "folder"} for place, name in enumerate(FOLDERS)]
    for item in (*items, {**file, "content_base64": content}):
        httpx.post(f"{house.google}/_emulator/items", json={"parent": "root", **item}).raise_for_status()
    yield
    for ident in ("ward", "f-0", "f-1"):
        httpx.delete(f"{house.google}/_emulator/items/{ident}").raise_for_status()


def a_product(house: House, name: str, folder: str) -> str:
    """Make a product of a folder by the pages, and return where its pages are."""
    chrome = house.chrome
    press(chrome, "Product")
    press(chrome, "Add another product of this Drive")
    chrome.find_element(By.NAME, "name").send_keys(name)
    chrome.find_element(By.NAME, "q").send_keys(folder)
    press(chrome, "Look for it")
    WebDriverWait(chrome, 15, poll_frequency=0.1).until(lambda page: "q=" in page.current_url)
    chrome.find_element(By.CSS_SELECTOR, "tbody input[type=checkbox]").click()
    press(chrome, "Add the product")
    until_heading(chrome, name)
    assert folder in text(chrome)
    house.work()
    return chrome.current_url.removesuffix("/product").removeprefix(house.site)


@pytest.mark.usefixtures("folders")
def test_a_product_of_a_folder_shows_its_documents_and_a_file_that_moves_changes_sides(house: House) -> None:
    chrome = settled(house)
    monitor = a_product(house, "Monitor", FOLDERS[0])
    gateway = a_product(house, "Gateway", FOLDERS[1])
    house.open(f"{monitor}/documents")
    assert FILE in text(chrome)
    assert "Monitor Security Guide.md" not in text(chrome)
    house.open(f"{gateway}/documents")
    assert FILE not in text(chrome)
    house.open(gateway)
    assert heading(chrome).startswith("10 ")
    httpx.post(f"{house.google}/_emulator/items/ward/move", json={"parent": "f-1"}).raise_for_status()
    house.open(monitor)
    assert RESULT in heading(chrome)
    press(chrome, "Look again now")
    waiting(house, "Looking through your Drive")
    house.work()
    house.open(monitor)
    assert f"{FILE} lies outside of the folders of Monitor now" in text(chrome)
    house.open(f"{monitor}/documents")
    assert "0 candidates" in text(chrome)
    house.open(f"{gateway}/documents")
    assert FILE in text(chrome)
