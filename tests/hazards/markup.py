"""Web pages, Markdown and its kin made to do harm."""

from collections.abc import Callable

from tests.hazards.base import Hazard

SLOW = r"reading it took longer than 2 seconds"


def _h(title: str, name: str, make: Callable[[], bytes], **ends: object) -> Hazard:
    return Hazard(title=title, name=name, make=make, **ends)  # type: ignore[arg-type]  # each a field of Hazard


WEB: tuple[Hazard, ...] = (
    _h("a declaration that never ends", "a.html", lambda: b"<?xmli encoding=''", because="no text was found in it"),
    _h("200,000 divs in divs", "a.html", lambda: b"<div>" * 200_000 + b"deep", says="deep", in_part="too deeply"),
    _h("100,000 inline tags in each other", "a.html", lambda: b"<b><i>" * 50_000 + b"deep", says="deep"),
    _h("tables in tables", "a.html", lambda: b"<table><tr><td>" * 3_000 + b"deep", says="deep"),
    _h("lists in lists", "a.html", lambda: b"<ul><li>" * 3_000 + b"deep", says="deep"),
    _h(
        "an element of 100,000 attributes",
        "a.html",
        lambda: b"<p " + b" ".join(b"a%d=x" % n for n in range(100_000)) + b">deep</p>",
        says="deep",
        because=SLOW,
        seconds=2,
    ),
    _h("a charset that is none", "a.html", lambda: b"<meta charset='utf-99'><p>deep \xe4", says="deep"),
    _h("a charset that lies", "a.html", lambda: b"<meta charset='utf-16'><p>deep water</p>", says="deep"),
    _h(
        "a charset that runs code elsewhere",
        "a.html",
        lambda: b"<meta charset='unicode_escape'><p>deep \\x \xe4</p>",
        says="deep",
    ),
    _h(
        "an entity from a local file in XHTML",
        "a.html",
        lambda: b'<!DOCTYPE html [<!ENTITY m SYSTEM "file:///etc/passwd">]><p>deep &m;</p>',
        says="deep",
    ),
    _h(
        "laughs in XHTML",
        "a.html",
        lambda: b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><p>deep &b;</p>',
        says="deep",
    ),
    _h("a million entities", "a.html", lambda: b"<p>deep" + b"&amp;" * 1_000_000, says="deep"),
    _h("a comment without end", "a.html", lambda: b"<p>deep</p><!--" + b"-" * 1_000_000, says="deep"),
    _h("a flood of open brackets", "a.html", lambda: b"deep" + b"<" * 500_000, says="deep"),
    _h("a flood of scripts that do not end", "a.html", lambda: b"<p>deep</p>" + b"<script>" * 100_000, says="deep"),
)
MARKUP: tuple[Hazard, ...] = (
    _h("5,000 quotes in quotes", "a.md", lambda: b"> " * 5_000 + b"deep", says="deep", in_part="too deeply"),
    _h("5,000 lists in lists", "a.md", lambda: b"- " * 5_000 + b"deep", says="deep"),
    _h("a flood of brackets", "a.md", lambda: b"[" * 200_000 + b" deep", says="deep"),
    _h("a flood of emphasis", "a.md", lambda: b"**a *b " * 50_000 + b" deep", says="deep"),
    _h("a flood of tags", "a.md", lambda: b"<a " * 50_000 + b"\n\ndeep", says="deep"),
    _h("a flood of code marks", "a.md", lambda: b"".join(b"`" * n + b" " for n in range(600)) + b"deep", says="deep"),
    _h(
        "10,000 link definitions",
        "a.md",
        lambda: b"deep\n\n" + b"".join(b"[a%d]: /x\n" % n for n in range(10_000)),
        says="deep",
    ),
    _h(
        "a table of 5,000 columns",
        "a.md",
        lambda: b"deep|" * 5_000 + b"\n" + b"-|" * 5_000 + b"\n" + (b"|" * 5_000 + b"\n") * 50,
        says="deep",
        because=SLOW,
        seconds=2,
    ),
    _h(
        "bullets in bullets",
        "a.rst",
        lambda: b"".join(b"  " * n + b"* x\n\n" for n in range(300)) + b"\ndeep\n",
        says="deep",
    ),
    _h(
        "directives in directives",
        "a.rst",
        lambda: b"".join(b"   " * n + b".. note::\n\n" for n in range(200)) + b"   " * 200 + b"deep",
        says="deep",
    ),
    _h(
        "a file of the machine's included",
        "a.rst",
        lambda: b".. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n\ndeep\n",
        says="deep",
    ),
    _h("a table of no columns", "a.adoc", lambda: b'[cols=""]\n|===\n| deep | two\n|===\n', says="deep"),
    _h("a file of the machine's included", "a.adoc", lambda: b"include::/etc/passwd[]\n\ndeep\n", says="deep"),
)
PAGES = WEB + MARKUP
