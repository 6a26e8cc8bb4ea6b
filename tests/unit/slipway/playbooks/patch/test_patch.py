# ruff: noqa: E501  (diffs keep their lines)
"""Patches that tickets carry, applied for real."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Attachment, Ticket
from slipway.playbooks.patch import PatchPlaybook
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop, discovery, ticket

SOURCE = "".join(f"def f{number}():\n    return {number}\n\n\n" for number in range(12))
TREE = {
    "src/pkg/__init__.py": "",
    "src/pkg/a.py": SOURCE,
    "src/pkg/gone.py": "x = 1\n",
    "tests/test_a.py": "from pkg.a import f1\n\n\ndef test_f1():\n    assert f1() == 1\n",
    "README.md": "# pkg\n",
}


def diff(path: str, old: str, new: str, *, git: bool = True, context: int = 3) -> str:
    """What `git diff` would write, or plain `diff -u`."""
    a, b = (f"a/{path}", f"b/{path}") if git else (path, path)
    head = f"diff --git a/{path} b/{path}\n" if git else ""
    if not old:
        head, a = f"{head}new file mode 100644\n" if git else head, "/dev/null"
    if not new:
        head, b = f"{head}deleted file mode 100644\n" if git else head, "/dev/null"
    return head + "".join(
        difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), a, b, n=context)
    )


FIXED = SOURCE.replace("return 5\n", "return 55\n")
TEST = TREE["tests/test_a.py"] + "\n\ndef test_f5():\n    from pkg.a import f5\n\n    assert f5() == 55\n"
TEST_DIFF = diff("tests/test_a.py", TREE["tests/test_a.py"], TEST)


def attached(*diffs: str) -> Ticket:
    return Ticket(
        key="A-1", summary="Apply the attached patch", attachments=(Attachment(name="x.diff", content="".join(diffs)),)
    )  # fmt: skip


def solved(
    asked: Ticket, folder: Path, tree: dict[str, str] | None = None
) -> tuple[Workshop, dict[str, str]]:
    workshop = Workshop(folder, {REPOSITORY: dict(tree or TREE)})
    workshop.solve(PatchPlaybook(), asked)
    return workshop, workshop.trees[REPOSITORY]


def test_the_tests_of_a_patch_come_first(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, {REPOSITORY: dict(TREE)})
    (item,) = workshop.solve(PatchPlaybook(), attached(diff("src/pkg/a.py", SOURCE, FIXED), TEST_DIFF))
    assert dict(item.tests) == {"tests/test_a.py": TEST}
    assert dict(item.changes) == {"src/pkg/a.py": FIXED}
    assert "pytest" in item.red_command


def test_a_patch_without_tests_is_checked_by_its_lines(tmp_path: Path) -> None:
    _, tree = solved(attached(diff("src/pkg/a.py", SOURCE, FIXED, git=False)), tmp_path)
    assert tree["src/pkg/a.py"] == FIXED


def test_files_are_created_and_deleted(tmp_path: Path) -> None:
    new = diff("src/pkg/new.py", "", "y = 2\n") + diff("src/pkg/gone.py", "x = 1\n", "")
    _, tree = solved(attached(new), tmp_path)
    assert tree["src/pkg/new.py"] == "y = 2\n"
    assert "src/pkg/gone.py" not in tree


def test_hunks_that_moved_are_found(tmp_path: Path) -> None:
    moved = {**TREE, "src/pkg/a.py": "import os\n\nX = os.sep\n\n\n" + SOURCE}
    _, tree = solved(attached(diff("src/pkg/a.py", SOURCE, FIXED)), tmp_path, moved)
    assert tree["src/pkg/a.py"] == "import os\n\nX = os.sep\n\n\n" + FIXED


def test_context_at_the_ends_may_have_changed(tmp_path: Path) -> None:
    changed = {**TREE, "src/pkg/a.py": SOURCE.replace("def f6():", "def f6(x=1):")}
    _, tree = solved(attached(diff("src/pkg/a.py", SOURCE, FIXED)), tmp_path, changed)
    assert tree["src/pkg/a.py"] == FIXED.replace("def f6():", "def f6(x=1):")


def test_several_hunks_of_one_file_fit_together(tmp_path: Path) -> None:
    new = SOURCE.replace("return 1\n", "return 1\n    # one\n").replace("return 10\n", "return 100\n")
    _, tree = solved(attached(diff("src/pkg/a.py", SOURCE, new)), tmp_path)
    assert tree["src/pkg/a.py"] == new


@pytest.mark.parametrize("fence", ["```diff\n{}```", "~~~\n{}~~~", "{{code:diff}}\n{}{{code}}", "{}"])
def test_a_diff_in_the_description_is_found(fence: str, tmp_path: Path) -> None:
    text = fence.format(diff("src/pkg/a.py", SOURCE, FIXED))
    asked = Ticket(key="A-1", summary="Fix f5", description=f"Please apply this:\n\n{text}\n\nThanks!")
    if fence == "{}":
        asked = Ticket(key="A-1", summary="Fix f5", description=f"Please apply this:\n\n{text}")
    _, tree = solved(asked, tmp_path)
    assert tree["src/pkg/a.py"] == FIXED


def test_wrong_counts_and_cut_blanks_are_forgiven(tmp_path: Path) -> None:
    text = diff("src/pkg/a.py", SOURCE, FIXED).replace(",7 +", ",9 +")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    _, tree = solved(attached(text), tmp_path)
    assert tree["src/pkg/a.py"] == FIXED


def refusal(asked: Ticket, tree: dict[str, str]) -> str:
    playbook = PatchPlaybook()
    claim = playbook.recognise(asked)
    assert claim is not None
    trees = {REPOSITORY: tree}
    with pytest.raises(NeedsHuman) as refused:
        playbook.draft(claim, ticket=asked, discovery=discovery(asked, trees), trees=trees)
    return str(refused.value)


def test_a_conflict_names_hunk_and_file() -> None:
    other = {**TREE, "src/pkg/a.py": SOURCE.replace("return 5\n", "return 6 + 1\n")}
    message = refusal(attached(diff("src/pkg/a.py", SOURCE, FIXED)), other)
    assert "hunk 1 of src/pkg/a.py" in message


def test_a_patch_that_was_applied_before_is_recognised() -> None:
    message = refusal(attached(diff("src/pkg/a.py", SOURCE, FIXED)), {**TREE, "src/pkg/a.py": FIXED})
    assert "already" in message


@pytest.mark.parametrize("path", ["../outside.py", "/etc/passwd", "src/../../x"])
def test_a_path_outside_of_the_repository_is_refused(path: str) -> None:
    text = f"--- /dev/null\n+++ {path}\n@@ -0,0 +1,1 @@\n+x\n"
    assert "not a path inside" in refusal(attached(text), TREE)


def test_a_workflow_is_never_patched() -> None:
    path = ".github/workflows/ci.yml"
    message = refusal(attached(diff(path, "a: 1\n", "a: 2\n")), {**TREE, path: "a: 1\n"})
    assert "protected" in message


def test_a_binary_patch_is_for_a_person() -> None:
    text = "diff --git a/x.png b/x.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQz\n"
    assert "binary" in refusal(attached(text), TREE)


def test_a_file_that_no_repository_has_is_named() -> None:
    message = refusal(attached(diff("lib/none.py", "a\n", "b\n")), TREE)
    assert "has no lib/none.py" in message


def test_a_ticket_without_a_diff_is_left_to_others() -> None:
    assert PatchPlaybook().recognise(ticket("Apply the patch", "It is on my machine: a → b.")) is None


def plain(path: str, old: str, new: str, *, before: str, after: str) -> str:
    """What `diff -uN` writes, with times."""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), path, path, before, after
    )
    return "".join(lines)


NOW, NEVER = "2023-01-09 10:11:12.000000000 +0100", "1970-01-01 01:00:00.000000000 +0100"


def test_a_plain_diff_creates_and_deletes_what_its_times_say(tmp_path: Path) -> None:
    _, tree = solved(
        attached(
            plain("src/pkg/a.py", SOURCE, FIXED, before=NOW, after=NOW),
            plain("docs/how.md", "", "# How\n", before=NEVER, after=NOW),
            plain("src/pkg/gone.py", TREE["src/pkg/gone.py"], "", before=NOW, after=NEVER),
        ),
        tmp_path,
    )
    assert tree["docs/how.md"] == "# How\n"
    assert "src/pkg/gone.py" not in tree
    assert tree["src/pkg/a.py"] == FIXED


def test_a_file_without_a_past_is_created_or_was_empty(tmp_path: Path) -> None:
    _, tree = solved(
        attached(
            plain("src/pkg/a.py", SOURCE, FIXED, before="", after=""),
            plain("src/pkg/__init__.py", "", '"""Pkg."""\n', before="", after=""),
            plain("src/pkg/b.py", "", "B = 1\n", before="", after=""),
        ),
        tmp_path,
    )
    assert (tree["src/pkg/__init__.py"], tree["src/pkg/b.py"]) == ('"""Pkg."""\n', "B = 1\n")


def test_what_has_lines_already_is_not_created_again() -> None:
    asked = attached(plain("README.md", "", "# Other\n", before=NEVER, after=NOW))
    assert "exists already" in refusal(asked, TREE)


def test_the_platforms_plan_is_not_patched() -> None:
    assert "the platform's own" in refusal(attached(diff("PLAN.md", "", "# Mine\n")), TREE)
