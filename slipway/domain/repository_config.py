"""How to work in a repository: its own `.slipway.yml`, checked, completed by what its files show."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
)

from slipway.domain.errors import InvalidInput
from slipway.domain.repository_detection import Detected, look_at
from slipway.domain.repository_roots import import_roots

FILE_NAMES = (".slipway.yml", ".slipway.yaml")
DEPENDENCIES_FOLDER = ".slipway-deps"
ALWAYS_PROTECTED = (".github/workflows/**", *FILE_NAMES)
BRANCH_PLACEHOLDERS = frozenset({"ticket_id", "slug"})
MAX_CHARACTERS = 32_000
# Without a tree to look at, only these hold packages; any other source folder is taken for a package.
USUAL_ROOTS = frozenset({"src", "lib", "python", "."})


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _a_command(value: str) -> str:
    if not value.strip():
        raise ValueError("a command must not be empty")
    return value.strip()


def _inside_the_repository(value: str) -> str:
    path = PurePosixPath(value)
    if not value or path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{value!r} must be a path inside the repository, such as 'src'")
    return str(path)


def _with_known_placeholders(value: str) -> str:
    names = {part.partition("}")[0] for part in value.split("{")[1:]}
    if unknown := names - BRANCH_PLACEHOLDERS:
        known = ", ".join(f"{{{name}}}" for name in sorted(BRANCH_PLACEHOLDERS))
        raise ValueError(f"unknown placeholder {{{min(unknown)}}}; there are {known}")
    if "ticket_id" not in names:
        raise ValueError("must contain {ticket_id}, so that every ticket gets a branch of its own")
    if any(character in value for character in " ~^:?*[\\") or ".." in value or value.startswith(("/", "-")):
        raise ValueError(f"{value!r} cannot be the name of a git branch")
    return value


Commands = Annotated[tuple[Annotated[str, AfterValidator(_a_command)], ...], BeforeValidator(_one_or_many)]
Paths = Annotated[
    tuple[Annotated[str, AfterValidator(_inside_the_repository)], ...], BeforeValidator(_one_or_many)
]
Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$")]


class RepositoryConfig(BaseModel):
    """Commands are lines of shell, run one after the other at the repository's root."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = Field(default=1, description="Version of this file's format.")
    test: Commands = Field(default=(), description="Proves that the code works.")
    lint: Commands = Field(default=(), description="Fails on what the linter finds.")
    format: Commands = Field(default=(), description="Fails when the formatter would change something.")
    types: Commands = Field(default=(), description="Fails on type errors.")
    fix: Commands = Field(default=(), description="Repairs what `lint` and `format` complain about.")
    source: Paths = Field(default=(".",), description="Folders with the code.")
    tests: Paths = Field(default=(), description="Folders with the tests.")
    depends_on: tuple[Repository, ...] = Field(
        default=(), description="Repositories (owner/name) whose code is imported here."
    )
    protected: Paths = Field(default=(), description="Patterns of files that an agent must not change.")
    branch: Annotated[str, AfterValidator(_with_known_placeholders)] = Field(
        default="feature/{ticket_id}-{slug}", description="How branches are named."
    )
    conventions: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] = Field(
        default=(), description="What a developer here should know, in sentences."
    )

    _roots: tuple[str, ...] | None = PrivateAttr(default=None)

    def protects(self, path: str) -> bool:
        """Whether an agent may not change this file; CI workflows and this configuration never may be."""
        return any(_matches(path, pattern) for pattern in (*ALWAYS_PROTECTED, *self.protected))

    @property
    def import_roots(self) -> tuple[str, ...]:
        """Folders to put on PYTHONPATH, relative to the repository's root."""
        if self._roots is not None:
            return self._roots
        paths = [PurePosixPath(path) for path in self.source]
        roots = [path if (path.name or ".") in USUAL_ROOTS else path.parent for path in paths]
        return tuple(dict.fromkeys(map(str, roots)))

    def rooted(self, files: Mapping[str, str]) -> RepositoryConfig:
        """The same, with import roots as a tree shows them."""
        roots = import_roots(self.source, files)
        if roots == self.import_roots:
            return self
        seen = self.model_copy()
        seen._roots = roots
        return seen

    def environment(self, dependencies: Mapping[str, RepositoryConfig] | None = None) -> dict[str, str]:
        """Variables for this repository's commands; paths are relative to its root.

        Dependencies lie at `.slipway-deps/<name>`. Where a dependency's own configuration is not given, both
        usual layouts are put on the path.
        """
        roots = list(self.import_roots)
        for full_name in self.depends_on:
            known = (dependencies or {}).get(full_name)
            folder = PurePosixPath(dependency_folder(full_name))
            roots += [str(folder / root) for root in (known.import_roots if known else ("src", "."))]
        return {"PYTHONPATH": ":".join(roots)}

    def shell_line(
        self, command: str, *, folder: str = ".", dependencies: Mapping[str, RepositoryConfig] | None = None
    ) -> str:
        """`command` as one line of shell for a sandbox that holds this repository in `folder`."""
        roots = self.environment(dependencies)["PYTHONPATH"].split(":")
        path = ":".join(f"$PWD/{root}" if root != "." else "$PWD" for root in roots)
        return f'cd {shlex.quote(folder)} && export PYTHONPATH="{path}" && {command}'


def dependency_folder(full_name: str) -> str:
    """Where a dependency is checked out, relative to the root of the repository that needs it."""
    return f"{DEPENDENCIES_FOLDER}/{full_name.rpartition('/')[2]}"


def repository_config(files: Mapping[str, str]) -> RepositoryConfig:
    """From a repository's files (path to text): its own file, completed by what the others show."""
    for name in FILE_NAMES:
        if name in files:
            own = parse(files[name], name=name)
            seen = detect(files)
            missing = {field: getattr(seen, field) for field in RepositoryConfig.model_fields}
            filled = {key: value for key, value in missing.items() if key not in own.model_fields_set}
            return own.model_copy(update=filled).rooted(files)
    return detect(files)


def detect(files: Mapping[str, str]) -> RepositoryConfig:
    """From what the files show; texts are needed of manifests and workflows only, others may be empty."""
    seen: Detected = look_at(files)
    return RepositoryConfig(
        test=seen.test,
        lint=seen.lint,
        format=seen.format,
        types=seen.types,
        fix=seen.fix,
        source=seen.source,
        tests=seen.tests,
        depends_on=seen.depends_on,
    ).rooted(files)


def parse(text: str, *, name: str = FILE_NAMES[0]) -> RepositoryConfig:
    """Read a `.slipway.yml`; every mistake is named with its line and field."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"{name} has {len(text)} characters; at most {MAX_CHARACTERS} are read")
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise InvalidInput(f"{name} uses YAML aliases (*name), which are not allowed here; write it out")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidInput(f"{name} line {line}: not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"{name} is not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise InvalidInput(f"{name} line 1: must be a mapping of keys such as `test: pytest`")
    try:
        return RepositoryConfig.model_validate(content)
    except ValidationError as error:
        problems = [
            _explain(problem["loc"], problem["msg"], problem["type"], tree) for problem in error.errors()
        ]
        raise InvalidInput("; ".join(f"{name} {problem}" for problem in problems)) from error


def _explain(location: Sequence[int | str], message: str, kind: str, tree: yaml.Node | None) -> str:
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(location[-1]), RepositoryConfig.model_fields, n=1)
        known = ", ".join(RepositoryConfig.model_fields)
        message = f"unknown key; did you mean {close[0]!r}?" if close else f"unknown key; there are {known}"
    if kind == "string_pattern_mismatch":
        message = "must be owner/name"
    return f"line {_line(tree, location)}, {field}: {message.removeprefix('Value error, ')}"


def _line(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """The line on which the named part starts, or that of the nearest part around it."""
    line = node.start_mark.line if node else 0
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            line, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
    return line + 1


def _matches(path: str, pattern: str) -> bool:
    """`**` and `*` cross folders; a pattern that names a folder means everything in it."""
    return fnmatchcase(path, pattern) or path.startswith(f"{pattern.removesuffix('/**')}/")
