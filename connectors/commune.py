"""The commune's folder of YAML files as one value. Its mistakes are named by `phusa check`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast, get_args

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode
from ruamel.yaml.tag import Tag

from connectors.misfit import excerpt, hide, wanted
from connectors.routing_entries import ROUTING, Entries
from connectors.yaml_nodes import DEEP, is_day, line_of, plain
from models.commune.configuration import Commune
from models.commune.fish_rules import fish_rules
from models.commune.mistakes import mistakes
from models.commune.number_mistakes import number_mistakes
from models.envelope.mistake import Path as Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema import ValidationError
    from ruamel.yaml.nodes import Node


def _there(of: Any) -> Any:
    """The type of a section that is there: a mistake inside it is told where it is, not as "neither this nor nothing"."""
    return (
        next((one for one in get_args(of) if one is not type(None)), of) if type(None) in get_args(of) else of
    )


OPTIONAL = ("cameras", "payments", "lorawan", "quality", "river", "fish", "marks", "routing", "loudspeakers")
FILES = ("commune", "stations", "rules", "contacts", *OPTIONAL)
SECTIONS: dict[str, tuple[str, ...]] = {name: (name,) for name in FILES}
SECTIONS |= {"commune": ("units", "hamlets"), "payments": ("merchants", "fees", "stalls", "targets", "odd")}
SECTIONS |= {"lorawan": ("profiles", "devices")}
SECTIONS |= {"river": ("gauges", "reservoirs", "rain_bands", "water_cameras", "flood_places")}
SECTIONS |= {"loudspeakers": ("loudspeakers", "approvers", "unasked")}
SECTIONS |= {"fish": ("species", "cages", "fish_advice", "nights")}
"""Which parts of the commune stand in which file."""
_PARTS = {field.name: _there(field.type) for field in msgspec.structs.fields(Commune)}
_SINGLE = ("targets", "odd", "nights", "routing")
"""Sections of one entry: but for the routing, their schema says all there is to say."""
_ANY = "*"
_SHOWN = 60


class ConfigurationError(ValueError):
    """The configuration does not fit its schema; `phusa check` names every place."""


class Finding(msgspec.Struct, frozen=True):
    """One mistake of the configuration with its place; no text holds a phone number."""

    file: str
    line: int
    found: str
    expected_vi: str
    expected_en: str


@lru_cache(maxsize=4)
def load(folder: Path) -> Commune:
    """Read the files of `folder`; raises ConfigurationError at the first misfit, also at a number that cannot be one."""
    together: dict[str, Any] = {}
    for name in FILES:
        path = folder / f"{name}.yaml"
        if path.exists():
            together |= YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or {}
    try:
        commune: Commune = _convert(together, Commune)
        return msgspec.structs.replace(commune, rules=[*commune.rules, *fish_rules(commune)])
    except msgspec.ValidationError as error:
        msg = f"{folder}: {error}; chạy `phusa check` để xem mọi lỗi (run `phusa check` to see all)"
        raise ConfigurationError(msg) from error


def _convert(data: Any, into: Any) -> Any:
    """As msgspec, and no number that is none: no comparison may ever see it."""
    for mistake in number_mistakes(data):
        raise msgspec.ValidationError(
            hide(f"{mistake.found}; cần {mistake.expected_vi} ({mistake.expected_en})")
        )
    return msgspec.convert(data, into)


def check(folder: Path) -> list[Finding]:
    """Every mistake of the files at once, by file and line; an empty list means that `load` is content.

    A mistake that refers to a part which could not be decoded is left out: a rule is not reported for a station that is there but unreadable.
    """
    files = [
        _read(folder, name) for name in FILES if name not in OPTIONAL or (folder / f"{name}.yaml").exists()
    ]
    for file in files:
        if file.data is not msgspec.UNSET:
            _fit(file)
    _judge(files)
    found = {finding for file in files for finding in file.findings}
    return sorted(found, key=lambda finding: (finding.file, finding.line, finding.found, finding.expected_en))


def schema(name: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of the file `name`, from the types of the configuration."""
    chosen = [_PARTS[one] for one in SECTIONS[name]]
    made, parts = msgspec.json.schema_components(chosen, ref_template="#/$defs/{name}")
    return {
        "type": "object",
        "properties": dict(zip(SECTIONS[name], made, strict=True)),
        "required": list(SECTIONS[name]),
        "additionalProperties": False,
        "$defs": parts,
    }


@dataclass(slots=True)
class _File:
    """A file as nodes with their lines and as data, UNSET where unreadable; `blamed` are the places told."""

    name: str
    root: Node | None = None
    data: Any = msgspec.UNSET
    findings: list[Finding] = field(default_factory=list)
    blamed: list[Place] = field(default_factory=list)

    def tell(self, line: int, found: str, vi: str, en: str) -> None:
        found = hide(found)  # before the cut, which could leave most of a number
        short = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
        self.findings.append(Finding(f"{self.name}.yaml", line, short, hide(vi), hide(en)))

    def blame(self, path: Place, found: str, vi: str, en: str) -> None:
        self.blamed.append(path)
        self.tell(line_of(self.root, path), found, vi, en)


def _read(folder: Path, name: str) -> _File:
    own = _File(name)
    try:
        text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        vi, en = f"tập tin {name}.yaml đọc được, mã UTF-8", f"a readable file {name}.yaml in UTF-8"
        own.tell(1, f"{name}.yaml: ?", vi, en)
    else:
        if name == "contacts":
            _no_phones(own, text.splitlines())
        _parse(own, text)
    return own


def _no_phones(own: _File, lines: list[str]) -> None:
    """Phone numbers are secrets, in comments too."""
    vi = "không có số điện thoại; số nằm trong VAR/secrets/contacts.json"
    en = "no phone number; numbers stand in VAR/secrets/contacts.json"
    for number, line in enumerate(lines, 1):
        if hide(line) != line:
            own.tell(number, line.strip(), vi, en)


def _parse(own: _File, text: str) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = True  # told by _look_over, all of them
    try:
        own.root = yaml.compose(text)
        _look_over(own, own.root, 0)
        own.data = None if own.root is None else yaml.constructor.construct_document(own.root)
    except YAMLError as error:
        mark, lines = getattr(error, "problem_mark", None), text.splitlines()
        line = 1 if mark is None else mark.line + 1
        found = lines[line - 1].strip() if line <= len(lines) else "…"
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        own.tell(line, found, "YAML đúng cú pháp", f"valid YAML: {problem}")


def _look_over(own: _File, node: Node | None, depth: int) -> None:
    """Tell keys that stand twice; what only looks like a day stays text, for the schema to refuse."""
    if depth > DEEP or node is None:
        return
    if isinstance(node, SequenceNode):
        for item in node.value:
            _look_over(own, item, depth + 1)
    elif isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                own.tell(line, f"{name}: …", "mỗi trường chỉ một lần", "each field only once")
            seen.add(name)
            _look_over(own, value, depth + 1)
    elif str(node.tag).endswith(":timestamp") and not is_day(node.value):
        node.ctag = Tag(suffix="tag:yaml.org,2002:str")


def _fit(own: _File) -> None:
    """Tell where the data does not fit the file's schema."""
    from jsonschema import Draft202012Validator, FormatChecker  # 0.1 s that no process needs

    validator = Draft202012Validator(schema(own.name), format_checker=FormatChecker(["date"]))
    data = plain(own.data)
    for error in validator.iter_errors(data):
        _misfit(own, error)
    for mistake in number_mistakes(data):
        if mistake.path not in own.blamed:
            own.blame(mistake.path, mistake.found, mistake.expected_vi, mistake.expected_en)


def _misfit(own: _File, error: ValidationError) -> None:
    given: Any = error.instance
    path, part = tuple(error.absolute_path), cast("dict[str, Any]", error.schema)
    if error.validator == "anyOf":
        # What may be left out, and is there: the mistake is inside it.
        for inner in (one for one in error.context or () if one.schema_path[0] == 0):
            _misfit(own, inner)
    elif error.validator == "required":
        for key in (key for key in part["required"] if key not in given):
            own.blame(path, f"{key}: ?", f"thêm `{key}`", f"`{key}` added")
    elif error.validator == "additionalProperties":
        choice = ", ".join(part["properties"])
        for key in (key for key in given if key not in part["properties"]):
            own.blame((*path, key), f"{key}: …", f"một trong: {choice}", f"one of: {choice}")
    else:
        own.blame(path, excerpt(path, given), *wanted(part))


def _judge(files: list[_File]) -> None:
    """Tell what is wrong in all that can be read, leaving out what only follows from what cannot."""
    kept: dict[str, dict[int, Any]] = {}
    lost: set[tuple[str, str]] = set()
    owner = {section: own for own in files for section in SECTIONS[own.name]}
    for section in [one for one in owner if one not in _SINGLE]:
        kept[section] = dict(_readable(owner[section], section, lost))
    commune = msgspec.convert({section: list(entries.values()) for section, entries in kept.items()}, Commune)
    routing = _routing(owner[ROUTING], lost) if ROUTING in owner else None
    commune = msgspec.structs.replace(commune, routing=routing and routing.routing)
    for mistake in mistakes(commune):
        if mistake.refers and _follows(mistake.refers, lost):
            continue
        told = (mistake.found, mistake.expected_vi, mistake.expected_en)
        if routing is not None and mistake.path[0] == ROUTING:
            owner[ROUTING].blame(routing.place(mistake.path), *told)
            continue
        section, at, *rest = str(mistake.path[0]), *mistake.path[1:]
        place = (section, list(kept[section])[int(at)], *rest)
        owner[section].blame(place, *told)


def _routing(own: _File, lost: set[tuple[str, str]]) -> Entries:
    """What can be read of the routing; what its schema has blamed is not blamed again."""

    def unreadable(path: Place, why: str) -> None:
        entry = path[:3]
        if not any(blamed[: len(entry)] == entry for blamed in own.blamed):
            own.blame(path, f"{path[-1]}: …", f"đúng kiểu ({why})", why)

    found = Entries(own.data, _convert, unreadable)
    if not found.whole:
        lost.add((ROUTING, _ANY))
    return found


def _follows(refers: tuple[str, str], lost: set[tuple[str, str]]) -> bool:
    """Whether it only follows from an entry that cannot be read; without a code any of the section may be it."""
    section, code = refers
    return any(one == section and (not code or what in (code, _ANY)) for one, what in lost)


def _readable(own: _File, section: str, lost: set[tuple[str, str]]) -> Iterator[tuple[int, Any]]:
    """The entries that can be read, by their index; the ids of the others go to `lost`."""
    entries = own.data.get(section) if isinstance(own.data, dict) else None
    if not isinstance(entries, list):
        lost.add((section, _ANY))
        return
    for i, entry in enumerate(entries):
        try:
            _convert([entry], _PARTS[section])
        except msgspec.ValidationError as error:
            given = entry if isinstance(entry, dict) else {}
            sound = [key for key in ("id", "code") if key in given and (section, i, key) not in own.blamed]
            lost.add((section, str(given[sound[0]]) if sound else _ANY))
            if not any(path[:2] == (section, i) for path in own.blamed):
                # JSON Schema takes a day for text; the types do not.
                message, _, key = str(error).rstrip("`").partition(" - at `$[0].")
                own.blame((section, i, key), f"{key}: …", f"đúng kiểu ({message})", message)
        else:
            yield i, entry
