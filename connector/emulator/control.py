"""The test knobs under `/_emulator/`: change the Drive, see what was called, ask for misbehaviour. Bodies are JSON.

The Drive, as its owner would change it (each answers `{"id": …}` and logs its changes; 404 for an unknown id, 400 with
a sentence for a body that makes no sense):
- `POST /_emulator/items` – one manifest item, created or replaced; bytes in `content_base64`, or `content` as a path
  in the seed; `modified` defaults to now.
- `POST /_emulator/items/{id}/trash`, `/untrash`, `/move` `{"parent"}`, `/rename` `{"name"}`
- `POST /_emulator/items/{id}/touch` (only its version grows), `/vanish` (gone, and the feed says nothing)
- `DELETE /_emulator/items/{id}` for good; `DELETE /_emulator/drives/{id}` – the person loses a shared drive.
- `POST /_emulator/drives` `{"id", "name"}` – she joins one, or it is renamed.

Notifications of changes (`changes.watch`) have their knobs in push.py.

What happened:
- `GET /_emulator/calls?since=N` → `{"next", "calls": [{"method", "path", "query": {…}}]}` (with `range` where one was
  asked for): never a token, and not the calls under `/_emulator/`.
- `GET /_emulator/violations` → `{"violations": [{"kind", "what"}]}`: writes, calls that are not emulated, refused
  parameters, scopes beyond reading, tokens in an address or sent under another host's name (`localhost` leads here
  too), own replies that break the discovery document.

Misbehaviour: `POST /_emulator/faults` adds a script, `GET` lists those that wait, `DELETE` clears them. A script is
`{"match": "GET /drive/v3/files*"}` (verb, blank, path; shell wildcards; `/token` and `/revoke` work too) with
- which calls: `query` {name: value}, `after` n (let n pass first), `times` n (default 1; null: for ever);
- instead of an answer: `status` with `reason`, `message`, `retry_after`; `html` true (an HTML page, status 502 or
  `status`); `reset` (the connection is cut before any byte); `login_page` (HTML with status 200); `redirect` (to an
  address, with `status` or 302); `answer` (this text as if it were JSON, with `status` or 200;
  `packed`: by gzip);
- a spoilt answer: `truncate` (half of the body, then the connection is cut), `cut_at` n (the same after n bytes),
  `short` (half of the body as if it were all), `delay_seconds`, `stall_seconds` (half of the body, a long silence,
  then the rest), `drip_seconds` (half of the body, then a byte every so often);
- lists: `incomplete_search`, `empty_page` (no elements, but a token), `short_page` n, `duplicate`, `hide` [ids],
  `reject_page_token` (matches only calls that carry one);
- bytes: `export_too_large`, `cannot_download`, `ignore_range`, `wrong_range` (from one byte too early), `corrupt` (a
  wrong first byte), `wrong_checksum` (in metadata), `lacks` [fields that the metadata is without];
- long-running downloads: `at_once` (done when it begins), `long_name` (a name that begins with `operations/`),
  `pending` (not done yet), `failed` n (done, with an error of that google.rpc.Code); where they and export links lead:
  `leads_to` address ("" for no link at all).

Consent: `POST /_emulator/oauth` sets any of `auto_consent`, `person` (whose consent, by address; "" for the owner),
`email_verified`, `grant_scopes` (list or null), `deny` and `deny_with` (the code), `omit_refresh_token`,
`refresh_error` (a name of refusals.py, another code, or null), `refresh_scopes` (a narrower answer, or null),
`rotate_refresh_token` (each refresh gives a new one and ends the old),
`access_token_seconds`;
`{"expire_access_tokens": true}` ends those that are out. A revocation that fails or hangs is a fault on `POST /revoke`.
`POST /_emulator/tokens` `{"scopes": [...]}` →
`{"access_token", "refresh_token"}` of the first client, without a consent. `POST /_emulator/page-cap`
`{"files"|"changes"|"drives": n or null}` caps pages whatever pageSize says. `POST /_emulator/feeds` `{"apart": true}`
leaves what happens inside of a shared drive out of the person's feed, as Google's documentation lets it.

Others than the owner: `POST /_emulator/people` takes a manifest (`user`, `drives`, `items`; times default to now): a
person with a Drive of her own, which shares nothing with others' but by items whose parent is null. `POST
/_emulator/service-accounts` `{"email", "public_key" (PEM), "delegated": [scopes], "items", "drives"}` registers one
with what is shared with it; its assertions are then accepted at `/token`.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from connector.emulator.faults import BadFault, FaultScript, parse_fault
from connector.emulator.journal import Journal
from connector.emulator.oauth import DRIVE_SCOPES
from connector.emulator.people import People
from connector.emulator.seed import SeedError, parse_drive, parse_item, parse_seed
from connector.emulator.state import World
from connector.emulator.tokens import Asked, TokenStore
from connector.emulator.values import Client

_KNOB_TYPES: Mapping[str, tuple[type, ...]] = {
    "auto_consent": (bool,),
    "grant_scopes": (list, type(None)),
    "deny": (bool,),
    "deny_with": (str,),
    "person": (str,),
    "email_verified": (bool,),
    "omit_refresh_token": (bool,),
    "refresh_error": (str, type(None)),
    "refresh_scopes": (list, type(None)),
    "rotate_refresh_token": (bool,),
    "access_token_seconds": (int,),
}


class BadBody(Exception):
    """The body of a request is not one JSON object."""


class Control:
    """The knobs; app.py sends each path to its method."""

    def __init__(
        self,
        *,
        people: People,
        seed_folder: Path,
        tokens: TokenStore,
        client: Client,
        journal: Journal,
        faults: FaultScript,
        page_caps: dict[str, int],
    ) -> None:
        """Hold what can be turned."""
        self._people = people
        self._world = people.owner
        self._seed_folder = seed_folder
        self._tokens = tokens
        self._client = client
        self._journal = journal
        self._faults = faults
        self._page_caps = page_caps

    async def put_item(self, request: Request) -> Response:
        """Create or replace an item."""
        try:
            item = parse_item(await _body(request), folder=self._seed_folder, where="item", now=self._world.now())
            self._world.upsert(item)
        except (SeedError, ValueError) as error:
            return _bad(str(error))
        return JSONResponse({"id": item.id})

    async def trash(self, request: Request) -> Response:
        """Put an item into the trash."""
        return self._change(request, lambda item_id: self._world.set_trashed(item_id, trashed=True))

    async def untrash(self, request: Request) -> Response:
        """Take an item out of the trash."""
        return self._change(request, lambda item_id: self._world.set_trashed(item_id, trashed=False))

    async def move(self, request: Request) -> Response:
        """Move an item."""
        body = await _body(request)
        if "parent" not in body or not isinstance(body["parent"], str | None):
            return _bad('move needs {"parent": id or null}')
        return self._change(request, lambda item_id: self._world.move(item_id, body["parent"]))

    async def rename(self, request: Request) -> Response:
        """Rename an item."""
        body = await _body(request)
        if not isinstance(body.get("name"), str) or not body["name"]:
            return _bad('rename needs {"name": text}')
        return self._change(request, lambda item_id: self._world.rename(item_id, body["name"]))

    async def touch(self, request: Request) -> Response:
        """Change an item invisibly."""
        return self._change(request, self._world.touch)

    async def vanish(self, request: Request) -> Response:
        """Take an item out of sight without a word."""
        return self._change(request, self._world.vanish)

    async def delete(self, request: Request) -> Response:
        """Delete an item for good."""
        return self._change(request, self._world.delete)

    async def put_drive(self, request: Request) -> Response:
        """Let the person into a shared drive, or rename one."""
        try:
            drive = parse_drive(await _body(request), where="drive")
            self._world.put_drive(drive)
        except (SeedError, ValueError) as error:
            return _bad(str(error))
        return JSONResponse({"id": drive.id})

    async def lose_drive(self, request: Request) -> Response:
        """Take the person out of a shared drive."""
        drive_id = request.path_params["id"]
        if drive_id not in self._world.drives:
            return JSONResponse({"error": f"no shared drive {drive_id}"}, 404)
        self._world.lose_drive(drive_id)
        return JSONResponse({"id": drive_id})

    async def calls(self, request: Request) -> Response:
        """Return what was called."""
        since = request.query_params.get("since", "0")
        return JSONResponse(self._journal.calls(int(since))) if since.isdecimal() else _bad("since is a number")

    async def violations(self, _: Request) -> Response:
        """Return what should never have been called."""
        return JSONResponse(self._journal.violations())

    async def add_fault(self, request: Request) -> Response:
        """Add a script of misbehaviour."""
        try:
            self._faults.add(parse_fault(await _body(request)))
        except BadFault as error:
            return _bad(str(error))
        return JSONResponse({"waiting": self._faults.waiting()})

    async def list_faults(self, _: Request) -> Response:
        """Return the scripts that wait."""
        return JSONResponse({"waiting": self._faults.waiting()})

    async def clear_faults(self, _: Request) -> Response:
        """Behave again."""
        self._faults.clear()
        return JSONResponse({"waiting": []})

    async def set_oauth(self, request: Request) -> Response:
        """Change how consent behaves."""
        body = await _body(request)
        if body.pop("expire_access_tokens", False):
            self._tokens.expire_access_tokens()
        for name, value in body.items():
            if type(value) not in _KNOB_TYPES.get(name, ()):
                return _bad(f"no knob {name!r} that takes this value")
        for name, value in body.items():
            setattr(self._tokens.knobs, name, tuple(value) if isinstance(value, list) else value)
        return JSONResponse({})

    async def give_tokens(self, request: Request) -> Response:
        """Hand out tokens without a consent."""
        scopes = tuple((await _body(request)).get("scopes", sorted(DRIVE_SCOPES)))
        asked = Asked(
            client_id=self._client.id,
            redirect_uri="",
            scopes=scopes,
            state=None,
            nonce="",
            challenge="",
            offline=True,
            force_consent=True,
        )
        grant = self._tokens.new_grant(asked, scopes)
        access = self._tokens.new_access_token(grant)
        return JSONResponse({"access_token": access, "refresh_token": grant.refresh_token})

    async def part_feeds(self, request: Request) -> Response:
        """Let a person's feed leave out, or hold again, what happens inside of shared drives."""
        body = await _body(request)
        self._world.feeds_apart = bool(body.get("apart", True))
        return JSONResponse({})

    async def add_person(self, request: Request) -> Response:
        """Let a person in, with a Drive of her own."""
        try:
            world = self._new_world(await _body(request))
        except (SeedError, ValueError) as error:
            return _bad(str(error))
        self._people.add(world)
        return JSONResponse({"email": world.user.email})

    async def add_service_account(self, request: Request) -> Response:
        """Register a service account, with what is shared with it."""
        body = await _body(request)
        email, key, delegated = body.get("email"), body.get("public_key"), body.get("delegated", [])
        if not (isinstance(email, str) and isinstance(key, str) and isinstance(delegated, list)):
            return _bad('a service account needs {"email", "public_key", "delegated": [scopes]}')
        its: dict[str, Any] = {name: body[name] for name in ("drives", "items") if name in body}
        try:
            world = self._new_world(its | {"user": {"email": email, "name": email, "sub": f"sa-{email}"}})
            self._people.register(email, public_key=key, delegated=frozenset(map(str, delegated)))
        except (SeedError, ValueError) as error:
            return _bad(str(error))
        self._people.add(world)
        return JSONResponse({"email": email})

    def _new_world(self, manifest: dict[str, Any]) -> World:
        now = self._world.now
        return World(parse_seed(manifest, folder=self._seed_folder, where="manifest", now=now()), now)

    async def cap_pages(self, request: Request) -> Response:
        """Cap the pages of a collection."""
        for name, most in (await _body(request)).items():
            if name not in ("files", "changes", "drives") or not (most is None or (isinstance(most, int) and most > 0)):
                return _bad("page-cap takes files, changes or drives, each a number above 0 or null")
            self._page_caps.pop(name, None)
            if most is not None:
                self._page_caps[name] = most
        return JSONResponse(self._page_caps)

    def _change(self, request: Request, act: Callable[[str], None]) -> Response:
        item_id = request.path_params["id"]
        if item_id not in self._world.items:
            return JSONResponse({"error": f"no item {item_id}"}, 404)
        try:
            act(item_id)
        except ValueError as error:
            return _bad(str(error))
        return JSONResponse({"id": item_id})


async def _body(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request, empty for no body; raises BadBody."""
    raw = await request.body()
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise BadBody("the body is not JSON") from error
    if not isinstance(body, dict):
        raise BadBody("the body is one object")
    return body


def _bad(sentence: str) -> Response:
    return JSONResponse({"error": sentence}, 400)
