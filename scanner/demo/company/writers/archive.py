"""Make an Office file the same on every run: the clock leaves its marks in the zip and in the properties."""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(<)")


def still(archive: bytes, *, moment: datetime) -> bytes:
    """Return the archive with every date in it set to the moment."""
    said = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    written = BytesIO()
    with ZipFile(BytesIO(archive)) as before, ZipFile(written, "w") as after:
        for member in before.infolist():
            data = before.read(member)
            if member.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + said + rb"\g<2>", data)
            info = ZipInfo(member.filename, date_time=moment.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            after.writestr(info, data)
    return written.getvalue()
