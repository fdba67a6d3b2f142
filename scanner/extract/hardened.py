"""The one way to parse XML: no entities, no DTD, no network, libxml2's own limits on."""

from collections.abc import Iterable

from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.container import DTD

_NO_NAME = 539  # libxml2's XML_DTD_XMLID_VALUE, from its xmlerror.h


def parse_xml(data: bytes) -> etree._Element:
    """Return the root element. Raises Unreadable for a DTD, and lxml's XMLSyntaxError for what is no XML.

    An xml:id that is no name is let pass, as every office program does.
    """
    try:
        root = etree.fromstring(data, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", 0) != _NO_NAME:
            raise
        lenient = _parser(recover=True)
        root = etree.fromstring(data, lenient)
        if root is None or any(one.type != _NO_NAME for one in lenient.error_log):
            raise
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(DTD)
    return root


def check_xml(pieces: Iterable[bytes]) -> None:
    """Read XML to its end and keep nothing of it. Raises lxml's XMLSyntaxError for what is no XML."""
    nothing = _Nothing()
    parser = etree.XMLParser(
        target=nothing,  # type: ignore[arg-type]  # lxml asks a target for what it has, its stubs for all it may have
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
    )
    for piece in pieces:
        parser.feed(piece)
    parser.close()


class _Nothing:
    """Takes in a document and wants to hear of none of its elements."""

    def close(self) -> None:
        """End it."""


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True,
        remove_pis=True, recover=recover,
    )  # fmt: skip
