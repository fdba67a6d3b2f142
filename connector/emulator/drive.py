"""The front of the Drive API: who calls, is there such a call, are its parameters sound, is our own answer sound."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from connector.emulator import drive_changes, drive_downloads, drive_files, errors
from connector.emulator.call import BytesReply, Call, JsonReply, Listings, Reply
from connector.emulator.discovery import Method, load_contract
from connector.emulator.faults import Fault
from connector.emulator.fields import BadMask, apply_mask, parse_mask
from connector.emulator.journal import Journal
from connector.emulator.oauth import DRIVE_SCOPES
from connector.emulator.people import People
from connector.emulator.push import Channels
from connector.emulator.quota import Quota
from connector.emulator.replies import Replies
from connector.emulator.state import World
from connector.emulator.synthetic_api import SyntheticApi
from connector.emulator.tokens import TokenStore

_READS_EVERYTHING = "https://www.googleapis.com/auth/drive.readonly"
_HANDLERS: Mapping[str, Callable[[Call], Reply]] = {
    "drive.files.list": drive_files.list_files,
    "drive.files.get": drive_files.get_file,
    "drive.files.export": drive_files.export_file,
    "drive.files.download": drive_downloads.start_download,
    "drive.operations.get": drive_downloads.get_operation,
    "drive.changes.getStartPageToken": drive_changes.start_page_token,
    "drive.changes.list": drive_changes.list_changes,
    "drive.changes.watch": drive_changes.watch_changes,
    "drive.channels.stop": drive_changes.stop_channel,
    "drive.drives.list": drive_changes.list_drives,
    "drive.drives.get": drive_changes.get_drive,
    "drive.about.get": drive_changes.get_about,
}
# Knowing that a file exists is not enough to read it, nor to see shared drives.
_NEEDS_EVERYTHING = frozenset(
    {"drive.files.export", "drive.files.download", "drive.operations.get", "drive.drives.list", "drive.drives.get"}
)
_LINKS = ("/download/file/", "/download/export/")


class DriveApi:
    """Answers everything under /drive/, and the absolute links that Drive hands out."""

    def __init__(
        self,
        *,
        people: People,
        tokens: TokenStore,
        journal: Journal,
        page_caps: Mapping[str, int],
        base_url: str,
        quota: Quota,
        synthetic: SyntheticApi | None,
        replies: Replies,
        channels: Channels,
    ) -> None:
        """Read the discovery document once; a generated Drive stands in for the seeded one."""
        self._quota = quota
        self._channels = channels
        self._synthetic = synthetic
        self._replies = replies
        self._handlers = _HANDLERS if synthetic is None else synthetic.handlers
        self._checked_once: set[str] = set()
        self._people = people
        self._tokens = tokens
        self._journal = journal
        self._page_caps = page_caps
        self._base_url = base_url
        self._listings = Listings()
        self._contract = load_contract()

    def answer(self, request: Request, fault: Fault, body: bytes = b"") -> Response:
        """Answer one call with its body; refusals come in Google's envelope, and what no reader may ask is noted."""
        try:
            return self._checked(request, fault, body)
        except errors.ApiError as error:
            return JSONResponse(error.body(), error.status, headers=error.headers)

    def _checked(self, request: Request, fault: Fault, raw: bytes) -> Response:
        verb, path = request.method, request.scope["path"]
        if {"access_token", "oauth_token"} & set(request.query_params):
            self._journal.violation("token-in-address", f"{verb} {path}")
            raise errors.bad_token()
        if verb == "GET" and path.startswith(_LINKS):
            return self._link(request, fault)
        matched = self._contract.match(verb, path)
        if matched is None or matched[0].id not in self._handlers:
            self._journal.violation("not-a-read", f"{verb} {path}")
            raise errors.ApiError(405, "httpMethodNotAllowed", "The emulator answers reading calls only.")
        method, values = matched
        world = self._world_of(request, everything=method.id in _NEEDS_EVERYTHING or _asks_bytes(request))
        try:
            params = self._contract.check_call(method, request.query_params.multi_items())
            body = self._contract.check_body(method, raw)
        except errors.ApiError as error:
            self._journal.violation("bad-parameter", f"{verb} {path}: {error.message}")
            raise
        _check_alt(method, params)
        self._quota.spend(method.id, media=_asks_bytes(request))
        call = replace(self._call(request, fault, world, values, params), body=body)
        if self._synthetic and fault == Fault():
            return self._remembered(method, request, call)
        reply = self._handlers[method.id](call)
        if isinstance(reply, BytesReply):
            return _bytes(reply)
        return self._masked(method, reply, params.get("fields"))

    def _remembered(self, method: Method, request: Request, call: Call) -> Response:
        """Answer from the replies that are kept; an edit of the generated Drive makes all of them others."""
        key = (len(self._synthetic.drive.edited) if self._synthetic else 0, request.scope["path"], request.url.query)
        kept = self._replies.get(key)
        if kept is not None:
            return Response(kept, media_type="application/json")
        reply = self._handlers[method.id](call)
        if isinstance(reply, BytesReply):
            return _bytes(reply)
        answer = self._masked(method, reply, call.params.get("fields"))
        self._replies.keep(key, bytes(answer.body))
        return answer

    def _masked(self, method: Method, reply: JsonReply, wanted: str | None) -> Response:
        schema = self._contract.resolve(method.response)
        try:
            mask = parse_mask(
                reply.default_fields if wanted is None else wanted, contract=self._contract, schema=schema
            )
        except BadMask as error:
            message = f"Invalid field selection {error.selection}"
            self._journal.violation("bad-parameter", f"{method.id}: {message}")
            raise errors.invalid_parameter("fields", message) from error
        body = apply_mask(reply.body, mask)
        if reply.generated and method.id in self._checked_once:
            return Response(msgspec.json.encode(body), media_type="application/json")
        self._checked_once.add(method.id)
        faults = list(self._contract.faults_in(body, schema))
        if faults:
            self._journal.violation("own-reply", f"{method.id}: {faults[0]}")
            raise errors.ApiError(500, "emulatorBroken", f"The emulator's own reply is wrong: {faults[0]}.")
        return JSONResponse(body)

    def _link(self, request: Request, fault: Fault) -> Response:
        """Serve an absolute link; Drive gives them outside of the API's own paths."""
        world = self._world_of(request, everything=True)
        file_id = request.scope["path"].rsplit("/", 1)[1]
        call = self._call(request, fault, world, {"fileId": file_id}, dict(request.query_params))
        return _bytes(drive_downloads.download_bytes(call))

    def _world_of(self, request: Request, *, everything: bool) -> World:
        """Check the access token and return the Drive that it opens."""
        header = request.headers.get("authorization")
        if header is None:
            raise errors.no_token()
        kind, _, token = header.partition(" ")
        grant = self._tokens.by_access_token(token) if kind.lower() == "bearer" else None
        if grant is None:
            raise errors.bad_token()
        enough = {_READS_EVERYTHING} if everything else DRIVE_SCOPES
        if not enough & set(grant.scopes):
            raise errors.scope_missing()
        world = self._people.world(grant.person) if grant.person else self._people.owner
        if world is None:
            raise errors.bad_token()
        return world

    def _call(
        self, request: Request, fault: Fault, world: World, path: Mapping[str, str], params: Mapping[str, Any]
    ) -> Call:
        return Call(
            world=world,
            base_url=self._base_url,
            path=path,
            params=params,
            headers={name: value for name, value in request.headers.items() if name != "authorization"},
            fault=fault,
            page_caps=self._page_caps,
            listings=self._listings,
            channels=self._channels,
        )


def _asks_bytes(request: Request) -> bool:
    return request.query_params.get("alt") == "media"


def _check_alt(method: Method, params: Mapping[str, Any]) -> None:
    """Only a file's bytes and exports come as media; nothing comes as proto here."""
    media = method.id in ("drive.files.get", "drive.files.export")
    if params.get("alt", "json") not in (("json", "media") if media else ("json",)):
        raise errors.invalid_value("alt")


def _bytes(reply: BytesReply) -> Response:
    return Response(reply.body, reply.status, headers=dict(reply.headers) | {"Content-Type": reply.media_type})
