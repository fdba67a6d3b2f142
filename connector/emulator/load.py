"""The knobs of load under `/_emulator/`: how much, how fast, how slow. Bodies are JSON.

- `POST /_emulator/quota` `{"units_per_minute", "status": 403 or 429, "retry_after": seconds or null}` refuses what goes
  beyond; `DELETE` lifts it; `GET` → `{"spent": units of the calls answered, "refused": calls}`.
- `POST /_emulator/latency` `{"ms"}`: every Drive call waits so long before it is answered, beside the others.
- `GET /_emulator/synthetic` → `{"files", "folders", "drives", "named"}` of a generated Drive, and
  `POST /_emulator/synthetic/edit` `{"every": n}` edits each n-th of its files.
- `GET /_emulator/processor` → `{"seconds"}` of processor that the emulator has used, so that a measurement can tell
  whose time it was.
"""

import json
import time
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from connector.emulator.quota import Quota
from connector.emulator.synthetic import Synthetic


class Load:
    """Quota, latency and the generated Drive."""

    def __init__(self, *, latency_ms: float, synthetic: Synthetic | None) -> None:
        """Begin with this latency and without a quota."""
        self.quota = Quota()
        self.latency = latency_ms / 1000  # seconds
        self._synthetic = synthetic

    async def set_quota(self, request: Request) -> Response:
        """Refuse what goes beyond so many units a minute."""
        body = await _body(request)
        units, status = body.get("units_per_minute"), body.get("status", 403)
        if not isinstance(units, int) or status not in (403, 429):
            return JSONResponse({"error": "quota takes units_per_minute, and status 403 or 429"}, 400)
        self.quota.limit(units, status=status, retry_after=body.get("retry_after"))
        return JSONResponse({})

    async def lift_quota(self, _: Request) -> Response:
        """Refuse nothing any more."""
        self.quota.limit(None)
        return JSONResponse({})

    async def spent(self, _: Request) -> Response:
        """Return what calls have cost."""
        return JSONResponse({"spent": self.quota.spent, "refused": self.quota.refused})

    async def set_latency(self, request: Request) -> Response:
        """Make calls wait."""
        wait = (await _body(request)).get("ms")
        if not isinstance(wait, int | float) or not 0 <= wait <= 60_000:
            return JSONResponse({"error": "latency takes ms, from 0 to 60000"}, 400)
        self.latency = wait / 1000
        return JSONResponse({})

    async def processor(self, _: Request) -> Response:
        """Return how much processor time this process has used."""
        return JSONResponse({"seconds": time.process_time()})

    async def describe(self, _: Request) -> Response:
        """Return how large the generated Drive is."""
        drive = self._synthetic
        if drive is None:
            return JSONResponse({"error": "this Drive is seeded, not generated"}, 404)
        sizes = {"files": drive.files, "folders": drive.folders, "drives": len(drive.drives), "named": drive.named}
        return JSONResponse(sizes)

    async def edit(self, request: Request) -> Response:
        """Edit each n-th file of the generated Drive."""
        every = (await _body(request)).get("every")
        if self._synthetic is None or not isinstance(every, int) or every < 1:
            return JSONResponse({"error": "edit takes every, a number above 0, and a generated Drive"}, 400)
        self._synthetic.edited.append(every)
        return JSONResponse({})


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
