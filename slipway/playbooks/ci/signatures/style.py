"""What type checkers, linters and formatters print, and pre-commit, which runs them."""

from __future__ import annotations

from slipway.domain.evidence import CiClass
from slipway.playbooks.ci.signatures.signature import PLAIN, STRONG, Signature, table

_PATH = r"[\w@./\\+~-]+"
_FORMAT_HOOK = "format|black|prettier|isort|fmt|whitespace|end of files|yapf"
_TYPE_HOOK = r"mypy|pyright|\btsc\b|type"
_SECURITY_HOOK = "secret|gitleaks|bandit|audit|safety|private key"
_TEST_HOOK = r"pytest|unittest|\btests?\b"
_LINT_HOOK = f"(?!.*(?:{_FORMAT_HOOK}|{_TYPE_HOOK}|{_SECURITY_HOOK}|{_TEST_HOOK}))"
_FAILED_HOOK = r"\.{3,}(?:\(.*\))?Failed$"
_HOOK_ID = r"^- (?:hook id|duration|exit code|files were modified)"

_TYPE_CHECKERS = table(
    "type_error",
    PLAIN + 5,
    (
        "mypy found an error",
        rf"^{_PATH}\.pyi?:\d+(?::\d+)?(?::\d+:\d+)?: error: ",
        r"^Found [1-9]\d* errors? in \d+ files? \((?:checked|errors prevented)",
    ),
    (
        "pyright found an error",
        rf"^\s*{_PATH}\.pyi?:\d+:\d+ - error: ",
        r"^[1-9]\d* errors?, \d+ warnings?, \d+ (?:informations?|notes?)",
    ),
    (
        "tsc found an error",
        r"^\S+\.(?:[cm]?[tj]sx?|vue|svelte)(?:\(\d+,\d+\): |:\d+:\d+ - )error TS\d+",
        r"^(?:\[\w+\] )?error TS\d+: ",
    ),
    ("flow found an error", r"^Error -{20,} \S+\.jsx?:\d+:\d+$"),
    ("ty found an error", r"^error\[[a-z]+(?:-[a-z]+)+\]: "),
)

_LINTERS = (
    *table(
        "lint",
        PLAIN + 4,
        (
            "ruff, flake8 or pylint found a violation",
            rf"^{_PATH}\.(?:pyi?|ipynb):\d+(?::\d+)?:? \[?[A-Z]{{1,4}}\d{{2,4}}\b",
        ),
        ("pylint found a violation", r"^\*{13} Module "),
        ("pylint rated the code", r"^Your code has been rated at (?!10\.00/10)"),
        ("eslint found a problem", r"^\s+\d+:\d+ +error +\S.* {2,}\S+$", r"^✖ [1-9]\d* problems? "),
        (
            "standard found a problem",
            r"^standard: Use JavaScript (?:Standard|Semi-Standard)",
            r"^\s+\S+\.[cm]?[jt]sx?:\d+:\d+: [A-Z].*\.$",
        ),
        (
            "rubocop found an offense",
            r"^\S+:\d+:\d+: [CWEFR]: ",
            r"^\d+ files? inspected, [1-9]\d* offenses?",
        ),
        (
            "checkstyle found a violation",
            r"\[ant:checkstyle\] \[(?:ERROR|WARN)\]",
            r"Failed during checkstyle execution",
            r"Checkstyle (?:rule )?violations",
            r"\.java:\d+(?::\d+)?: error: .* - ",
            r"You have [1-9]\d* (?:Checkstyle|PMD) violation",
            r"^\[(?:ERROR|WARN)\] .*\.java:\[\d+(?:,\d+)?\] \(\w+\) ",
        ),
        ("golangci-lint found an issue", r"^\S+\.go:\d+(?::\d+)?: .+ \([a-z][a-z0-9]+(?:, [a-z0-9]+)*\)$"),
        ("lintrunner found an issue", r"^>>> Lint for ", r"^Lint failed!"),
        (
            "ansible-lint found a violation",
            r"^\S+\.ya?ml:\d+(?::\d+)?: (?:\[E\w+\]|[a-z][a-z-]+(?:\[[\w-]+\])?:?) [A-Z]",
        ),
        (
            "yamllint found a violation",
            r"^\s+\d+:\d+ +error +.*\([\w-]+\)$",
            r"^\S+\.ya?ml:\d+:\d+: \[error\]",
        ),
        (
            "shellcheck found an issue",
            r"^In \S+ line \d+:$",
            r"\bSC\d{4} \((?:error|warning|info|style)\)",
            r": (?:error|warning|note): .*\[SC\d{4}\]",
        ),
        ("stylelint found a problem", r"^ +\d+:\d+ +[✖×] "),
        ("markdownlint found a problem", r"^\S+\.md:\d+(?::\d+)? (?:error )?MD\d{3}/"),
        ("hadolint found an issue", r"^\S*Dockerfile\S*:\d+ (?:DL|SC)\d{4}"),
        ("clippy found an issue", r"rust-clippy/master/index\.html#", r"-D clippy::", r"`#\[deny\(clippy::"),
        (
            "ktlint, detekt or swiftlint found an issue",
            r"\.kts?:\d+:\d+:? .*\((?:standard|detekt)?:?[\w-]+\)$",
            r"detekt.*weighted issues",
            r"\.swift:\d+:\d+: (?:error|warning): .* \([a-z_]+\)$",
        ),
        ("php_codesniffer found an error", r"^FOUND [1-9]\d* ERRORS? .*AFFECTING \d+ LINES?"),
        ("codespell found a misspelling", r"^\S+:\d+: \w+ ==> \w+"),
        ("actionlint found an issue", r"^\S+\.ya?ml:\d+:\d+: .* \[[a-z-]+\]$"),
    ),
    # The rule's line alone is too common a form; what follows makes it ruff's.
    *table(
        "lint",
        PLAIN + 4,
        ("ruff found a violation", r"^[A-Z]{1,4}\d{3,4} (?:\[\*\] )?\S"),
        after=r"^\s*--> \S+\.(?:pyi?|ipynb)(?::\d+)?:\d+:\d+$",
    ),
)

_FORMATTING = table(
    "format",
    PLAIN + 2,
    (
        "a file is not formatted",
        r"^(?:W|w)ould reformat:? \S",
        r"^\d+ files? would be reformatted",
        r"^\[warn\] (?!Code style)\S*\.\w+$",
        r"Code style issues (?:found )?in",
        r"Forgot to run Prettier|Run Prettier with --write",
        r"^Diff in \S+(?: at line |:)\d+",
        r"clang-format-violations|code should be clang-formatted",
        r"File content differs from formatting|Formatter would have printed the following",
        r"The following files (?:had|have) format violations",
        r"error WHITESPACE: ",
        r"^The following files are not formatted",
        r"files? (?:is|are) not (?:properly )?(?:gofmt|formatted)",
        r"^Found \d+ not formatted files?",
        r"mix format --check-formatted",
    ),
    ("imports are not sorted", r"Imports are incorrectly sorted"),
    ("a file was reformatted", r"^reformatted \S", r"^Fixing \S+\.\w+$"),
)


def _hook(ci_class: CiClass, rank: int, says: str, named: str) -> tuple[Signature, ...]:
    return table(ci_class, rank, (says, f"(?i)^{named}{_FAILED_HOOK}"), after=_HOOK_ID)


_HOOKS = (
    *_hook("format", PLAIN + 2, "a formatter failed", f".*(?:{_FORMAT_HOOK})[^.]*"),
    *_hook("type_error", PLAIN + 5, "a type checker failed", f".*(?:{_TYPE_HOOK})[^.]*"),
    *_hook("security", STRONG + 10, "a security check failed", f".*(?:{_SECURITY_HOOK})[^.]*"),
    *_hook("test_failure", STRONG, "tests failed", f".*(?:{_TEST_HOOK})[^.]*"),
    *_hook("lint", PLAIN + 4, "a linter failed", rf"{_LINT_HOOK}\S.*?"),
)

STYLE = (*_TYPE_CHECKERS, *_LINTERS, *_FORMATTING, *_HOOKS)
