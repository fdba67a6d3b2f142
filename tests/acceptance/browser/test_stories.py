"""What a person does with Crosswalk, told in a real browser before a local Google."""

import base64
from datetime import date

import httpx
import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from scanner.model.display import day
from scanner.model.job import JobKind
from tests.acceptance.browser.conftest import HOSTILE, MANUAL, STRANGER, House
from tests.browser import PHONE, heading, named, press, seen, sticks_out, text, until_heading
from tests.emulator_process import OWNER
from tests.integration.test_disconnect import rows

pytestmark = pytest.mark.xdist_group("browser")
FIRST = "Your Drive is being read for the first time."
NEWER = "# Release Notes Monitor 2.2.0\n\nSecurity: fixes CVE-2026-2222.\n"
RESULT = "of 10 constraints are not satisfied"


def test_one_click_connects_and_the_first_result_comes_by_itself(house: House) -> None:
    """On a phone, without a reload; and a file whose name is markup is shown as text."""
    seen(house.chrome, PHONE)
    house.open()
    press(house.chrome, "Continue with Google")
    press(house.chrome, "Allow")
    until_heading(house.chrome, FIRST)
    assert OWNER["email"] in text(house.chrome)
    house.work()
    until_heading(house.chrome, RESULT)
    named_soon(house, "Look again now")
    assert sticks_out(house.chrome) <= 0
    said = text(house.chrome)
    assert "Change the default password" in said
    assert "Security White Paper.pdf, because the file is empty" in said
    press(house.chrome, "Documents")
    assert HOSTILE in text(house.chrome)


def test_the_same_by_keyboard_alone(house: House) -> None:
    """Tab and Enter reach everything, and the first stop of a page leads past its navigation."""
    chrome = house.chrome
    house.open()
    by_keys(house, "Continue with Google")
    by_keys(house, "Allow")
    until_heading(chrome, FIRST)
    house.work()
    until_heading(chrome, RESULT)
    chrome.switch_to.active_element.send_keys(Keys.TAB)
    assert chrome.switch_to.active_element.text == "To the content"
    assert chrome.execute_script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    chrome.switch_to.active_element.send_keys(Keys.ENTER)
    assert chrome.execute_script("return document.activeElement.id") == "main"
    by_keys(house, "Account management")
    assert heading(chrome) == "Account management"


def test_who_does_not_tick_the_box_is_told_so_and_recovers(house: House) -> None:
    """One page, one thing to do, and then it works."""
    chrome = house.chrome
    house.open()
    press(chrome, "Continue with Google")
    chrome.find_element(By.NAME, "scope").click()
    press(chrome, "Allow")
    until_heading(chrome, "The Drive box was not ticked")
    assert house.connections() == ()
    press(chrome, "To the start")
    press(chrome, "Continue with Google")
    press(chrome, "Allow")
    until_heading(chrome, FIRST)


def test_a_look_that_was_asked_for_is_followed_without_a_reload(house: House) -> None:
    """The panel changes under the reader's eyes, and the result is there when the work has ended."""
    chrome = settled(house)
    press(chrome, "Look again now")
    chrome.execute_script("window.stayed = true")
    waiting(house, "Looking through your Drive")
    house.app.work(kinds=(JobKind.SYNC,), until_idle=True)
    waiting(house, "Judging the documents as a set.")
    assert chrome.execute_script("return window.stayed") is True
    house.work()
    named_soon(house, "Look again now")
    assert RESULT in heading(chrome)


def test_a_citation_opens_the_document_that_it_stands_in(house: House) -> None:
    """In the Drive, at its page, in a tab of its own that cannot reach back."""
    chrome = settled(house)
    assert opened(house, "Change the default password") == ("Monitor Security Guide.md", "")
    press(chrome, "Account management")
    assert opened(house, "Disable the account") == (MANUAL, "#page=2")
    link = chrome.find_element(By.XPATH, "//figure[contains(., 'Disable the account')]//a")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")


def test_a_gap_is_borne_until_a_day(house: House) -> None:
    """With a reason and a name; it stays a gap that is shown, under whose word and for how long."""
    chrome = settled(house)
    press(chrome, "Secure operation")
    form = chrome.find_element(By.CSS_SELECTOR, "form[action$='/decide']")
    form.find_element(By.NAME, "reason").send_keys("The guide comes with 2.2.")
    until = form.find_element(By.NAME, "until").get_attribute("value") or ""
    form.find_element(By.CSS_SELECTOR, "button").click()
    decided = f"Waived by {OWNER['email']} until {day(date.fromisoformat(until))}: The guide comes with 2.2."
    assert decided in text(chrome)
    house.work()
    house.open()
    until_heading(chrome, "1 is waived")
    assert decided in text(chrome)


def test_a_release_arrives_and_the_page_and_the_mail_agree(house: House) -> None:
    """Word by word: where the clause stands, and what is the newest release."""
    chrome = settled(house)
    press(chrome, "Releases")
    press(chrome, "Yes, and believe this source")
    until_heading(chrome, "Releases")
    put(house, "notes-2", "Release Notes Monitor 2.2.0.md", NEWER)
    press(chrome, "Overview")
    house.work()
    house.open()
    press(chrome, "Look again now")
    waiting(house, "Looking through your Drive")
    house.work()
    named_soon(house, "Look again now")
    overview = text(chrome)
    newest = "Newest release: 2.2.0 (release notes: Release Notes Monitor 2.2.0.md)."
    assert newest in overview
    assert "applies to 2.1.0; the newest release is 2.2.0" in overview
    told = heading(chrome)
    press(chrome, "Alerts")
    chrome.switch_to.frame(chrome.find_element(By.TAG_NAME, "iframe"))
    mail = text(chrome)
    assert heading(chrome) == told
    assert newest in mail
    assert mail.count("Updated each release") == 1


def test_who_disconnects_leaves_nothing_behind(house: House) -> None:
    """No token, no row of hers in any table; Google has withdrawn the consent; and the browser is signed out."""
    chrome = settled(house)
    before = int(httpx.get(f"{house.google}/_emulator/calls").json()["next"])
    press(chrome, "Settings")
    chrome.find_element(By.CSS_SELECTOR, "form[action$=disconnect] input[name=address]").send_keys(OWNER["email"])
    press(chrome, "Disconnect and delete")
    assert heading(chrome) == "The connection has ended"
    assert {table: count for table, count in rows(house.app.database).items() if count} == {}
    calls = httpx.get(f"{house.google}/_emulator/calls", params={"since": before}).json()["calls"]
    assert [call["path"] for call in calls] == ["/revoke"]
    house.open()
    assert named(chrome, "Continue with Google").is_displayed()


def test_a_stranger_sees_nothing(house: House) -> None:
    """Neither with an account of her own at Google, nor without."""
    chrome = settled(house)
    address = chrome.current_url
    chrome.execute_cdp_cmd("Network.clearBrowserCookies", {})
    chrome.get(address)
    assert heading(chrome) == "Sign in to go on"
    house.knob(person=STRANGER["email"])
    house.connect()
    assert STRANGER["email"] in text(chrome)
    for place in ("", "/documents", "/constraints/account-management", "/releases", "/alerts", "/activity"):
        chrome.get(address + place)
        assert heading(chrome) == "There is no such page"
        assert "Monitor" not in text(chrome)


def settled(house: House) -> Chrome:
    """Be connected, with the first result before her eyes."""
    house.connect()
    house.work()
    house.open()
    assert RESULT in heading(house.chrome)
    return house.chrome


def opened(house: House, quote: str) -> tuple[str, str]:
    """Follow the link of the first citation of these words; return what its tab shows, and where in it."""
    chrome = house.chrome
    here, known = chrome.current_window_handle, set(chrome.window_handles)
    chrome.find_element(By.XPATH, f"//figure[contains(., '{quote}')]//a").click()
    WebDriverWait(chrome, 15, poll_frequency=0.1).until(lambda page: set(page.window_handles) - known)
    (tab,) = set(chrome.window_handles) - known
    chrome.switch_to.window(tab)
    try:
        until_heading(chrome, ".")
        assert chrome.current_url.startswith(house.google)
        assert chrome.execute_script("return window.opener") is None
        return heading(chrome), str(chrome.execute_script("return location.hash"))
    finally:
        chrome.close()
        chrome.switch_to.window(here)


def waiting(house: House, words: str) -> None:
    """Wait until the panel says so."""
    WebDriverWait(house.chrome, 15, poll_frequency=0.1).until(
        lambda page: words in page.execute_script("return document.getElementById('progress')?.textContent ?? ''")
    )


def named_soon(house: House, words: str) -> None:
    """Wait until a button says so: those that ask for work are not there while it is done."""
    WebDriverWait(house.chrome, 15, poll_frequency=0.1).until(
        lambda page: words in page.execute_script("return document.querySelector('aside')?.textContent ?? ''")
    )


def by_keys(house: House, words: str) -> None:
    """Go on by Tab until that link or button has the focus, and press Enter."""
    for _ in range(60):
        house.chrome.switch_to.active_element.send_keys(Keys.TAB)
        reached = house.chrome.switch_to.active_element
        if reached.text.strip() == words:
            reached.send_keys(Keys.ENTER)
            return
    raise AssertionError(f"Tab does not reach {words!r}.")


def put(house: House, ident: str, name: str, content: str) -> None:
    """Let a text appear in the Drive."""
    item = {"id": ident, "name": name, "parent": "root", "kind": "file", "mime": "text/markdown"}
    body = {**item, "content_base64": base64.b64encode(content.encode()).decode()}
    httpx.post(f"{house.google}/_emulator/items", json=body).raise_for_status()
