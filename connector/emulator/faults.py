"""Misbehaviour on request: scripts that make the next matching calls fail in the ways that the real service does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from types import UnionType
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One script; without any switch it does nothing. See control.py for what each switch does."""

    match: str = ""  # "GET /drive/v3/files*": verb and path, with shell wildcards
    query: Mapping[str, str] = field(default_factory=dict)  # and these query parameters, exactly
    after: int = 0  # let so many matching calls pass first
    times: int | None = 1  # then apply to so many; None for ever
    status: int = 0
    reason: str = ""
    message: str = ""
    retry_after: int | None = None
    html: bool = False
    reset: bool = False
    redirect: str = ""
    answer: str | None = None
    packed: bool = False
    truncate: bool = False
    cut_at: int = 0
    short: bool = False
    stall_seconds: float = 0
    drip_seconds: float = 0
    delay_seconds: float = 0
    incomplete_search: bool = False
    empty_page: bool = False
    short_page: int = 0
    duplicate: bool = False
    hide: tuple[str, ...] = ()
    reject_page_token: bool = False
    export_too_large: bool = False
    cannot_download: bool = False
    ignore_range: bool = False
    wrong_range: bool = False
    corrupt: bool = False
    wrong_checksum: bool = False
    lacks: tuple[str, ...] = ()
    login_page: bool = False
    at_once: bool = False
    long_name: bool = False
    pending: bool = False
    failed: int = 0
    leads_to: str | None = None


NO_FAULT = Fault()
_TYPES: Mapping[str, type | UnionType] = {  # where it is not that of the default
    "query": dict,
    "times": int | None,
    "retry_after": int | None,
    "delay_seconds": int | float,
    "stall_seconds": int | float,
    "drip_seconds": int | float,
    "leads_to": str | None,
    "answer": str | None,
    "hide": list,
    "lacks": list,
}
# What a failing call says when the script names only its status.
_REASONS: Mapping[int, str] = {
    400: "badRequest",
    401: "authError",
    403: "userRateLimitExceeded",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "internalError",
}
_USAGE_LIMITS = frozenset({"userRateLimitExceeded", "rateLimitExceeded", "dailyLimitExceeded", "accessNotConfigured"})


class BadFault(Exception):
    """The script makes no sense; the sentence says why."""


def parse_fault(raw: Mapping[str, Any]) -> Fault:
    """Read a script from JSON; raises BadFault for a switch or a type that makes no sense."""
    known = {f.name: f for f in fields(Fault)}
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise BadFault(f"unknown fault switch {unknown[0]!r}")
    if not isinstance(raw.get("match"), str):
        raise BadFault('a fault needs match, such as "GET /drive/v3/files*"')
    values: dict[str, Any] = dict(raw)
    for name, value in values.items():
        wanted = _TYPES.get(name, type(getattr(NO_FAULT, name)))
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise BadFault(f"{name} cannot be {value!r}")
    return Fault(**values | {name: tuple(values.get(name, ())) for name in ("hide", "lacks")})


def domain_of(reason: str) -> str:
    """Return the error domain that Google uses with a reason."""
    return "usageLimits" if reason in _USAGE_LIMITS else "global"


def reason_of(fault: Fault) -> str:
    """Return the reason that a failing call gives."""
    return fault.reason or _REASONS.get(fault.status, "backendError")


class FaultScript:
    """The scripts that are waiting; the first that matches a call is used for it."""

    def __init__(self) -> None:
        """Begin without any."""
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a script behind those that wait."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Behave again."""
        self._waiting.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """Return how often each waiting script has still to be used."""
        return [{"match": fault.match, "after": fault.after, "times": fault.times} for fault in self._waiting]

    def take(self, verb: str, path: str, query: Mapping[str, str]) -> Fault:
        """Return the fault for this call, NO_FAULT for most, and count it."""
        for position, fault in enumerate(self._waiting):
            if not fnmatchcase(f"{verb} {path}", fault.match):
                continue
            if any(query.get(name) != value for name, value in fault.query.items()):
                continue
            if fault.reject_page_token and not query.get("pageToken"):
                continue
            if fault.after > 0:
                self._waiting[position] = replace(fault, after=fault.after - 1)
                return NO_FAULT
            if fault.times is not None:
                self._waiting[position] = replace(fault, times=fault.times - 1)
                if fault.times <= 1:
                    del self._waiting[position]
            return fault
        return NO_FAULT
