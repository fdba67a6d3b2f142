"""Google's own contract for Drive, read from the discovery document that its client ships: calls in, replies out."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from connector.emulator import errors

_INT64 = re.compile(r"-?\d{1,19}")
# NOTE: parameters that Google still accepts but has deprecated, or that only browsers need, are not emulated: a client
# that sends one must hear of it, not get an answer that ignores it.
_NOT_EMULATED = frozenset({"callback", "includeLabels", "includePermissionsForView"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One call of the API: its name, verb, path pattern, parameters and the schema of its reply."""

    id: str  # e.g. "drive.files.list"
    verb: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Mapping[str, Any]]
    request: Mapping[str, Any]  # a schema of the body; empty where none is taken
    response: Mapping[str, Any]  # a schema; empty where the reply is bytes


class Contract:
    """The discovery document, ready to match calls and to check parameters and replies."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Read the methods and schemas of a discovery document."""
        self._schemas: Mapping[str, Mapping[str, Any]] = document["schemas"]
        self._common: Mapping[str, Mapping[str, Any]] = document["parameters"]
        self.base = "/" + document["servicePath"]
        self._methods = tuple(_methods(document["resources"]))

    def match(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """Find the method of a call, with the values in its path; None when the API has no such method."""
        if not path.startswith(self.base):
            return None
        for method in self._methods:
            found = method.pattern.fullmatch(path[len(self.base) :])
            if found and method.verb == verb:
                return method, found.groupdict()
        return None

    def check_call(self, method: Method, query: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Return the call's parameters by their types, defaults filled in; raises ApiError."""
        known = {name: spec for name, spec in method.parameters.items() if spec["location"] == "query"}
        given: dict[str, Any] = {}
        for name, text in query:
            spec = known.get(name) or self._common.get(name)
            if spec is None:
                raise errors.unknown_parameter(name)
            if name in given:
                raise errors.invalid_parameter(name, f"Parameter {name} was given twice.")
            if spec.get("deprecated") or name in _NOT_EMULATED:
                raise errors.invalid_parameter(name, f"Parameter {name} is not emulated.")
            given[name] = _typed(name, text, spec)
        if given.get("spaces", "drive") != "drive":
            raise errors.invalid_value("spaces")  # other spaces are not emulated
        for name, spec in known.items():
            if spec.get("required") and name not in given:
                raise errors.required(name)
            if "default" in spec and name not in given:
                given[name] = _typed(name, spec["default"], spec)
        return given

    def check_body(self, method: Method, raw: bytes) -> dict[str, Any]:
        """Return the body of a call, held against the method's schema; raises ApiError."""
        if not method.request:
            if raw:
                raise errors.bad_body("This method takes no body.")
            return {}
        try:
            body = json.loads(raw or b"{}")
        except ValueError as error:
            raise errors.bad_body("The body is not JSON.") from error
        for fault in self.faults_in(body, method.request, "body"):
            raise errors.bad_body(f"{fault}.")
        return dict(body)

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow a reference to the schema that it names."""
        return self._schemas[schema["$ref"]] if "$ref" in schema else schema

    def below(self, schema: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
        """Return the schema of a field, looking through lists; None when there is no such field."""
        schema = self.resolve(schema)
        while schema.get("type") == "array":
            schema = self.resolve(schema["items"])
        properties: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
        if name in properties:
            return properties[name]
        free: Mapping[str, Any] | None = schema.get("additionalProperties")
        if free is not None:
            return free
        return {} if name == "*" and properties else None  # nothing can be selected below any field

    def faults_in(self, value: Any, schema: Mapping[str, Any], where: str = "reply") -> Iterator[str]:
        """Yield a sentence for each way in which a reply breaks its schema; nothing when it is sound."""
        schema = self.resolve(schema)
        kind = schema.get("type", "any")
        if kind == "object":
            yield from self._faults_in_object(value, schema, where)
        elif kind == "array":
            if not isinstance(value, list):
                yield f"{where} is not a list"
                return
            for position, element in enumerate(value):
                yield from self.faults_in(element, schema["items"], f"{where}[{position}]")
        elif kind != "any":
            yield from _faults_in_scalar(value, schema, where)

    def _faults_in_object(self, value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is not an object"
            return
        properties = schema.get("properties", {})
        free = schema.get("additionalProperties")
        for name, inner in value.items():
            below = properties.get(name, free)
            if below is None:
                yield f"{where}.{name} is not in the schema"
            else:
                yield from self.faults_in(inner, below, f"{where}.{name}")


def load_contract() -> Contract:
    """Read the Drive v3 document that google-api-python-client ships."""
    file = resources.files("googleapiclient") / "discovery_cache" / "documents" / "drive.v3.json"
    return Contract(json.loads(file.read_text(encoding="utf-8")))


def _methods(tree: Mapping[str, Any]) -> Iterator[Method]:
    for resource in tree.values():
        for raw in resource.get("methods", {}).values():
            path = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(raw["path"]))
            yield Method(
                id=raw["id"],
                verb=raw["httpMethod"],
                pattern=re.compile(path),
                parameters=raw.get("parameters", {}),
                request=raw.get("request", {}),
                response=raw.get("response", {}),
            )
        yield from _methods(resource.get("resources", {}))


def _typed(name: str, text: str, spec: Mapping[str, Any]) -> Any:
    """Turn a parameter's text into its value; raises ApiError."""
    kind = spec["type"]
    if kind == "boolean":
        if text not in ("true", "false"):
            raise errors.invalid_parameter(name, f"Invalid boolean value: '{text}'.")
        return text == "true"
    if kind == "integer":
        return _whole_number(name, text, spec)
    if "enum" in spec and text not in spec["enum"]:
        raise errors.invalid_parameter(name, f"Invalid value '{text}'. Values must be one of: {spec['enum']}")
    return text


def _whole_number(name: str, text: str, spec: Mapping[str, Any]) -> int:
    place = "page_size" if name == "pageSize" else name  # as the real service spells it
    if not re.fullmatch(r"-?\d{1,10}", text):
        raise errors.invalid_parameter(place, f"Invalid value '{text}'. Values must be whole numbers.")
    least, most = int(spec.get("minimum", -(2**31))), int(spec.get("maximum", 2**31 - 1))
    if not least <= int(text) <= most:
        raise errors.invalid_parameter(
            place, f"Invalid value '{text}'. Values must be within the range: [{least}, {most}]"
        )
    return int(text)


def _faults_in_scalar(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    kind, form = schema["type"], schema.get("format")
    types: Mapping[str, type | tuple[type, ...]] = {"string": str, "integer": int, "number": (int, float)}
    if kind == "boolean":
        if not isinstance(value, bool):
            yield f"{where} is not true or false"
        return
    if not isinstance(value, types[kind]) or isinstance(value, bool):
        yield f"{where} is not a {kind}"
    elif form in ("int64", "uint64") and not _INT64.fullmatch(str(value)):
        yield f"{where} is not a 64-bit number written as a text"
    elif form in ("date-time", "google-datetime") and not _is_moment(str(value)):
        yield f"{where} is not an RFC 3339 time with milliseconds"
    elif where.endswith(".kind") and value != schema.get("default", value):
        yield f"{where} is not {schema['default']!r}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where} is none of {schema['enum']}"


def _is_moment(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
