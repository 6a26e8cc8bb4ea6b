from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.aws.assets import UnreadableAsset, unpack


def archive(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o755 if name.startswith("bin/") else 0o644) << 16
            bundle.writestr(entry, text)
    return buffer.getvalue()


def test_the_same_code_is_unpacked_once(tmp_path: Path) -> None:
    code = archive(**{"main.py": "print()"})
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(lambda _: unpack(code, root=tmp_path), range(16)))
    [folder] = folders
    assert (folder / "main.py").read_text() == "print()"
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_other_code_gets_another_folder(tmp_path: Path) -> None:
    assert unpack(archive(a="1"), root=tmp_path) != unpack(archive(a="2"), root=tmp_path)


def test_programs_stay_executable_and_nothing_is_writable(tmp_path: Path) -> None:
    folder = unpack(archive(**{"bin/tool": "#!", "main.py": ""}), root=tmp_path)
    assert (folder / "bin" / "tool").stat().st_mode & 0o777 == 0o555
    assert (folder / "main.py").stat().st_mode & 0o777 == 0o444
    assert folder.stat().st_mode & 0o222 == 0


def test_a_member_cannot_leave_its_folder(tmp_path: Path) -> None:
    unpack(archive(**{"../../outside.txt": "x"}), root=tmp_path / "assets")
    assert not (tmp_path / "outside.txt").exists()
    assert not (tmp_path.parent / "outside.txt").exists()


def test_what_is_no_zip_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAsset):
        unpack(b"not a zip", root=tmp_path)
    assert list(tmp_path.iterdir()) == []
