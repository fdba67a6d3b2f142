"""What the pretended search of the local Google looks into."""

import io
import zipfile

from connector.emulator.indexed import indexed


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return packed.getvalue()


def test_the_text_of_plain_files_and_of_zipped_documents_is_known() -> None:
    assert indexed("Größe".encode()) == "Größe"
    document = zipped(word__document=b"<w:t>default</w:t> <w:t>pass&amp;word</w:t>", docProps__core=b"<x>author</x>")
    assert indexed(document).split() == ["default", "pass&word"]


def test_nothing_is_known_of_pictures_pdf_and_broken_files() -> None:
    for content in (b"%PDF-1.7 text", b"\x89PNG\0\0", b"\xff\xfe\xfa", b"PK\3\4 cut off", b""):
        assert indexed(content) == ""
