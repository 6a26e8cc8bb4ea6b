"""A repository's tree as GitHub packs it, with the top folder it adds taken off again."""

from __future__ import annotations

import io
import tarfile

import httpx

TIMEOUT_SECONDS = 60.0


def download(url: str, token: str) -> bytes:
    """The tarball behind an API URL, redirects followed; the token stays with the first host."""
    with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=True) as client:
        answer = client.get(url, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
        return answer.content


def without_top_folder(packed: bytes) -> bytes:
    """Files, executables and links at the archive's root; modification times are dropped."""
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as source,
        tarfile.open(fileobj=out, mode="w:gz") as target,
    ):
        for member in source:
            _, _, path = member.name.partition("/")
            if not path or not (member.isfile() or member.issym()):
                continue
            member.name, member.mtime, member.pax_headers = path, 0, {}
            target.addfile(member, source.extractfile(member) if member.isfile() else None)
    return out.getvalue()
