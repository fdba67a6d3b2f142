"""Everything by keyboard alone: each thing that can be pressed is reached by Tab, in its order, and seen to be."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from tests.acceptance.browser.conftest import House
from tests.acceptance.browser.test_looks import pages
from tests.browser import heading, text, until_heading
from tests.emulator_process import OWNER

pytestmark = pytest.mark.xdist_group("browser")
# What a person can press or fill in, as it stands on the page; what is folded away is opened first, as she would.
PREPARE = """
document.querySelectorAll("details").forEach(one => { one.open = true; });
const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
window.meant = [...document.querySelectorAll(all)].filter(one => !one.disabled);
window.reached = []; window.unseen = [];
document.addEventListener("focusin", event => {
  const style = getComputedStyle(event.target), place = window.meant.indexOf(event.target);
  window.reached.push(place);
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!shown) { window.unseen.push(event.target.outerHTML.slice(0, 120)); }
});
return window.meant.length;
"""
FOUND = """
const once = window.reached.filter((place, at) => place !== window.reached[at - 1]);
// A pointer's hand promises that something can be pressed: it has to be one of these, or within one.
const all = window.meant.concat([...document.querySelectorAll("label")]);
const mouse = [...document.querySelectorAll("body *")].filter(one =>
  getComputedStyle(one).cursor === "pointer" && !all.some(each => each.contains(one)));
return {reached: once, unseen: window.unseen, mouse: mouse.map(one => one.outerHTML.slice(0, 120))};
"""
TAB, ENTER, SPACE, DOWN = ("Tab", 9, ""), ("Enter", 13, "\r"), (" ", 32, " "), ("ArrowDown", 40, "")
DATE_PARTS = 5  # stops within a date: its three parts, its button, and one to spare
FRAME_PARTS = 60  # stops within the preview of a mail, whose links are no part of the page


def key(chrome: Chrome, which: tuple[str, int, str], *, back: bool = False) -> None:
    """Press a key, as the keyboard does: whatever has the focus gets it."""
    name, code, written = which
    pressed: dict[str, Any] = {"key": name, "code": name.strip() or "Space", "windowsVirtualKeyCode": code}
    pressed["modifiers"] = 8 if back else 0
    down = {"type": "keyDown", "text": written} if written else {"type": "rawKeyDown"}
    chrome.execute_cdp_cmd("Input.dispatchKeyEvent", {**pressed, **down})
    chrome.execute_cdp_cmd("Input.dispatchKeyEvent", {**pressed, "type": "keyUp"})


def to(chrome: Chrome, words: str) -> None:
    """Go on by Tab until what says this, or is called so, has the focus."""
    focused = "const at = document.activeElement; return (at.innerText ?? '').trim() + '|' + (at.name ?? '')"
    for _ in range(90):
        key(chrome, TAB)
        if words in str(chrome.execute_script(focused)).split("|"):
            return
    raise AssertionError(f"Tab does not reach {words!r} on {chrome.current_url}.")


def write(chrome: Chrome, field: str, words: str) -> None:
    """Go on to a field and write into it."""
    to(chrome, field)
    chrome.execute_cdp_cmd("Input.insertText", {"text": words})


def gone_on(chrome: Chrome, how: tuple[str, int, str] = ENTER) -> None:
    """Press what has the focus, and wait for the page that comes of it."""
    chrome.execute_script("window.before = true")
    key(chrome, how)
    WebDriverWait(chrome, 15, poll_frequency=0.1).until(
        lambda page: page.execute_script("return !window.before && document.readyState === 'complete'")
    )


@pytest.mark.timeout(300)  # all pages in one walk: on a busy machine that takes its time
def test_tab_reaches_whatever_can_be_pressed_in_its_order_and_shows_where_it_is(house: House) -> None:
    house.connect()
    house.work()
    wrong = {}
    for address in pages(house):
        chrome = house.chrome
        stops = int(chrome.execute_script(PREPARE))
        dates = int(chrome.execute_script("return document.querySelectorAll('input[type=date]').length"))
        frames = int(chrome.execute_script("return document.querySelectorAll('iframe').length"))
        for _ in range(stops + dates * DATE_PARTS + frames * FRAME_PARTS + 2):
            key(chrome, TAB)
        found = chrome.execute_script(FOUND)
        first = list(dict.fromkeys(place for place in found["reached"] if place >= 0))
        broken = {"order": first} if first != list(range(stops)) else {}
        broken |= {name: found[name] for name in ("unseen", "mouse") if found[name]}
        if broken:
            wrong[urlsplit(address).path] = broken
    assert wrong == {}


def test_every_deed_is_done_by_keyboard_alone(house: House) -> None:
    """From the first consent to the last word; after each form Tab goes on where it was sent from."""
    chrome = house.chrome
    house.open()
    to(chrome, "Continue with Google")
    gone_on(chrome)
    to(chrome, "Allow")
    gone_on(chrome, SPACE)
    until_heading(chrome, "Your Drive is being read for the first time.")
    house.work()
    until_heading(chrome, "of 10 constraints are not satisfied")
    to(chrome, "Secure operation")
    gone_on(chrome)
    assert heading(chrome) == "Secure operation"
    write(chrome, "reason", "The guide comes with 2.2.")
    to(chrome, "Decide")
    gone_on(chrome, SPACE)
    assert "The guide comes with 2.2." in text(chrome)
    to(chrome, "End it now")  # it stands below the headline of the part that was sent: no way back to the top
    key(chrome, TAB, back=True)
    house.open(urlsplit(chrome.current_url).path)
    to(chrome, "This verdict is wrong")
    key(chrome, SPACE)
    to(chrome, "claimed")
    key(chrome, DOWN)
    write(chrome, "reason", "Chapter 3 gives it.")
    gone_on(chrome)
    assert "Chapter 3 gives it." in text(chrome)
    to(chrome, "Withdraw")
    gone_on(chrome)
    assert "withdrawn on" in text(chrome)
    to(chrome, "Releases")
    gone_on(chrome)
    to(chrome, "Yes, and believe this source")
    gone_on(chrome)
    assert "For your word" not in text(chrome)
    to(chrome, "Alerts")
    gone_on(chrome)
    write(chrome, "address", "carla@maker.example")
    gone_on(chrome)
    assert "carla@maker.example" in text(chrome)
    to(chrome, "Settings")
    gone_on(chrome)
    to(chrome, "Invite")
    write(chrome, "address", OWNER["email"])
    to(chrome, "Disconnect and delete")
    gone_on(chrome)
    assert heading(chrome) == "The connection has ended"
