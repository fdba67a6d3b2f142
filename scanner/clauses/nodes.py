"""YAML into plain values, remembering the line on which each of them stands."""

from pathlib import Path

import yaml
from yaml.constructor import SafeConstructor
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_PACK_BYTES = 512 * 1024
MAX_DEPTH = 12

Place = tuple[str | int, ...]


class PackError(ValueError):
    """A clause pack that cannot be used; its text names the file, the line and what to change."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        """Say it as editors understand it: file:line: problem; line 0 is for what is about no line."""
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")
        self.path, self.line, self.problem = path, line, problem


class Marked:
    """A pack's values, and the line of every key and item in them."""

    def __init__(self, path: Path, data: bytes) -> None:
        """Read the bytes of one YAML document. Raises PackError."""
        self.path = path
        self._lines: dict[Place, int] = {}
        self._seen: set[int] = set()
        self._scalars = SafeConstructor()
        if len(data) > MAX_PACK_BYTES:
            raise PackError(path, 1, f"a pack has at most {MAX_PACK_BYTES // 1024} KiB, this one has more")
        self.values = self._plain(self._root(data), ())

    def line(self, place: Place) -> int:
        """Return the line of the value at this place, or of the nearest one around it."""
        while place not in self._lines and place:
            place = place[:-1]
        return self._lines.get(place, 1)

    def _root(self, data: bytes) -> Node:
        try:
            text = data.decode("utf-8")
            self._shallow(text)
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except UnicodeDecodeError as error:
            raise PackError(self.path, data[: error.start].count(b"\n") + 1, "a pack is UTF-8 text") from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise PackError(self.path, mark.line + 1 if mark else 1, f"not YAML: {error.problem}") from error
        except yaml.YAMLError as error:
            raise PackError(self.path, 1, "not YAML that can be read") from error
        if root is None:
            raise PackError(self.path, 1, "the pack is empty")
        return root

    def _shallow(self, text: str) -> None:
        """Look at the nesting alone first: composing recurses in C, where depth ends the process and not the call."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise PackError(self.path, line, "nested deeper than any pack needs")

    def _plain(self, node: Node, place: Place) -> object:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if not isinstance(node, ScalarNode) and id(node) in self._seen:
            raise PackError(self.path, node.start_mark.line + 1, "a pack repeats nothing by alias; write it out")
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, object]:
        plain: dict[str, object] = {}
        for key_node, value_node in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key, str) or key_node.tag != "tag:yaml.org,2002:str":
                raise PackError(self.path, line, f"a key is plain text, not {key!r}; quote it")
            if key in plain:
                raise PackError(self.path, line, f"the key {key!r} stands here a second time")
            self._lines[(*place, key)] = line
            plain[key] = self._plain(value_node, (*place, key))
        return plain

    def _scalar(self, node: Node) -> object:
        try:
            value: object = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            raise PackError(
                self.path, node.start_mark.line + 1, f"not a value that YAML knows: {node.value!r}"
            ) from error
        return value
