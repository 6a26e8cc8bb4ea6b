"""The packages that the managed Python runtime brings: the AWS SDK and nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PACKAGES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


def link_runtime_libraries(directory: Path) -> Path:
    """Fill `directory` with links to the SDK's packages of this environment; return it."""
    directory.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise RuntimeError(f"package {package!r} is missing from the emulator's environment; recreate it")
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        link = directory / source.name
        if link.is_symlink() and link.readlink() == source:
            continue
        link.unlink(missing_ok=True)
        link.symlink_to(source)
    return directory
