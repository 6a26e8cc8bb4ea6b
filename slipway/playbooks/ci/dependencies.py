"""Adds a package that the code imports and the manifest forgot."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.ci.signatures import NO_MODULE
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.dependency.claim import normalised

# Packages that are imported by another name than they are installed by.
_INSTALLED_AS = {
    "yaml": "pyyaml",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "sklearn": "scikit-learn",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jwt": "pyjwt",
    "OpenSSL": "pyopenssl",
    "Crypto": "pycryptodome",
    "serial": "pyserial",
    "attr": "attrs",
    "pkg_resources": "setuptools",
    "git": "gitpython",
    "docx": "python-docx",
    "magic": "python-magic",
    "MySQLdb": "mysqlclient",
    "psycopg2": "psycopg2-binary",
    "github": "pygithub",
    "jose": "python-jose",
    "multipart": "python-multipart",
    "zmq": "pyzmq",
    "lxml_html_clean": "lxml-html-clean",
    "slugify": "python-slugify",
}


def added(text: str, layout: Layout) -> Mapping[str, str | None]:
    """The manifest with the missing package."""
    found = (NO_MODULE.match(line) for line in text.splitlines())
    absent = (match["module"] or match["tool"] for match in found if match is not None)
    names = list(dict.fromkeys(module.partition(".")[0] for module in absent))
    if not names:
        raise NeedsHuman(
            "a package could not be installed as asked for; a person must decide its version or name"
        )
    changes: dict[str, str | None] = {}
    for name in names:
        importing = [
            path for path in layout.tree if path.endswith(".py") and _imports(layout.tree[path], name)
        ]
        if not importing:
            raise NeedsHuman(
                f"`{name}` is missing, but no code here imports it; what needs it must declare it"
            )
        package = _INSTALLED_AS.get(name, normalised(name))
        in_source = any(path in layout.index.source_paths for path in importing)
        now = {**layout.tree, **{path: new for path, new in changes.items() if new is not None}}
        path, new = _declared(now, package, in_source=in_source)
        changes[path] = new
    return changes


def _imports(text: str, name: str) -> bool:
    return re.search(rf"^\s*(?:import|from)\s+{re.escape(name)}\b", text, re.MULTILINE) is not None


def _declared(tree: Mapping[str, str], package: str, *, in_source: bool) -> tuple[str, str]:
    spelled = re.sub(r"-", "[-_.]+", package)
    present = re.compile(rf"(?im)(?:^\s*|[\"']){spelled}(?=\s*(?:\[|[<>=!~;\"',]|$))")
    manifests = [path for path in _manifests(tree, in_source=in_source) if path in tree]
    for path in manifests:
        if present.search(tree[path]):
            raise NeedsHuman(
                f"{path} names {package} already, but CI does not install it; look at the workflow"
            )
    for path in manifests:
        text = tree[path]
        new = (
            _in_toml(text, package, in_source=in_source)
            if path.endswith(".toml")
            else _in_list(text, package)
        )
        if new is not None:
            return path, new
    raise NeedsHuman(f"{package} is missing, and the repository has no manifest to add it to")


def _manifests(tree: Mapping[str, str], *, in_source: bool) -> list[str]:
    tests = [
        path
        for path in sorted(tree)
        if re.search(r"(?:^|/)requirements[-_/.]?(?:dev|test|tests|testing|ci)\w*\.(?:in|txt)$", path)
    ]
    main = ["requirements.in", "requirements.txt"]
    return [*([] if in_source else tests), "pyproject.toml", *main]


def _in_list(text: str, package: str) -> str:
    lines = text.splitlines()
    names = [line.split("#")[0].strip().lower() for line in lines]
    plain = [name for name in names if name and not name.startswith("-")]
    if plain == sorted(plain):
        at = next(
            (index for index, name in enumerate(names) if name > package and name[:1].isalnum()), len(lines)
        )
        return "\n".join([*lines[:at], package, *lines[at:]]) + "\n"
    return "\n".join([*lines, package]) + "\n"


def _in_toml(text: str, package: str, *, in_source: bool) -> str | None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    optional = data.get("project", {}).get("optional-dependencies", {})
    groups = data.get("dependency-groups", {})
    if not in_source:
        for table, found in (("project.optional-dependencies", optional), ("dependency-groups", groups)):
            for key in ("test", "tests", "testing", "dev"):
                if key in found:
                    return _in_array(text, table, key, package)
    if "dependencies" in data.get("project", {}):
        return _in_array(text, "project", "dependencies", package)
    poetry = re.search(r"^\[tool\.poetry\.dependencies\]\n(?:(?!\[).*\n?)*", text, re.MULTILINE)
    if poetry is not None:
        at = len(poetry[0].rstrip()) + poetry.start()
        return f'{text[:at]}\n{package} = "*"{text[at:]}'
    head = re.search(r"^\[project\]\n(?:(?!\[).*\n?)*", text, re.MULTILINE)
    if head is None:
        return None
    at = len(head[0].rstrip()) + head.start()
    return f'{text[:at]}\ndependencies = ["{package}"]{text[at:]}'


def _in_array(text: str, table: str, key: str, package: str) -> str | None:
    head = re.search(rf"^\[{re.escape(table)}\][ \t]*$", text, re.MULTILINE)
    array = re.compile(rf"^{key}\s*=\s*\[(?P<body>[^\]]*(?:\[[^\]]*\][^\]]*)*)\]", re.MULTILINE)
    match = array.search(text, head.end()) if head else None
    if match is None:
        return None
    body = match["body"]
    if "\n" in body:
        indent = re.search(r"\n([ \t]+)\S", body)
        stripped = body.rstrip()
        comma = "" if stripped.endswith(",") else ","
        new = f'{stripped}{comma}\n{indent[1] if indent else "    "}"{package}",\n'
    else:
        new = f'{body.strip().rstrip(",")}, "{package}"' if body.strip() else f'"{package}"'
    return f"{text[: match.start('body')]}{new}{text[match.end('body') :]}"
