"""The one way to parse XML: no entities, no DTD, no network, libxml2's own limits on."""

from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.container import DTD


def parse_xml(data: bytes) -> etree._Element:
    """Return the root element. Raises Unreadable for a DTD, and lxml's XMLSyntaxError for what is no XML."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(DTD)
    return root
