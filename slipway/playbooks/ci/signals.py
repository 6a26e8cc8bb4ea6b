"""How tools report failures: one pattern for each form of output, with the class that it shows."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from slipway.domain.evidence import CiClass

DECISIVE, LIKELY, HINT = 3, 2, 1


@dataclass(frozen=True)
class Signal:
    """`strength` says how surely a line of this form shows why the job failed."""

    ci_class: CiClass
    strength: int
    pattern: re.Pattern[str]


def _signals(ci_class: CiClass, strength: int, *patterns: str) -> list[Signal]:
    return [Signal(ci_class, strength, re.compile(pattern)) for pattern in patterns]


SIGNALS: Final = (
    # Findings of security tools.
    *_signals(
        "security", DECISIVE,
        r"^>> Issue: \[B\d+:", r"\bB\d{3}\[bandit\]", r"^Test results:$", r"\bfound \d+ (?:known )?vulnerabilit(?:y|ies)\b(?! *\b0\b)",
        r"^Found \d+ known vulnerabilit", r"\bGHSA-\w{4}-\w{4}-\w{4}\b", r"\bCVE-\d{4}-\d{4,}\b.*(?:HIGH|CRITICAL|MEDIUM|LOW)\b",
        r"(?i)\b(?:gitleaks|trufflehog|detect-secrets)\b.*\b(?:leaks? found|found|detected|failed)", r"(?i)\bleaks found: [1-9]",
        r"\t(?:General|.*Injection.*)\t.*\t(?:High|Medium|Weak)$", r"\s{2,}(?:Command Injection|Dangerous Send|SSL Verification Bypass|SQL Injection|Cross[- ]Site Scripting|Mass Assignment|Remote Code Execution|Redirect|Unsafe Deserialization|Dynamic Render Path)\s{2,}",
        r"(?i)^\s*semgrep.*\bblocking findings?\b", r"(?i)\b\d+ (?:high|critical)(?: severity)? vulnerabilit",
        r"(?i)secret scanning found",
    ),
    # The source cannot be parsed or compiled.
    *_signals(
        "compile", DECISIVE,
        r"^\s*(?:E\s+)?(?:SyntaxError|IndentationError|TabError): ", r"^\S+?\.(?:c|cc|cpp|cxx|cu|h|hpp|hh|m|mm):\d+:(?:\d+:)? (?:fatal )?error: ",
        r"\b(?:error|fatal error) C\d{4}:", r"COMPILATION ERROR", r"\[ERROR\] .*\.(?:java|kt|scala):\[\d+,\d+\] ", r"^\S+\.java:\d+: error: ",
        r"^e: (?:file://)?\S+\.kts?:", r"^error(?:\[E\d{4}\])?: .*(?:could not compile|aborting due to)", r"^error\[E\d{4}\]: ",
        r"^\S+\.go:\d+:\d+: (?:undefined|syntax error|cannot use|imported and not used|declared and not used|missing return)",
        r"undefined reference to [`'‘]", r"/ld: cannot find -l", r"collect2: (?:error: )?ld returned 1", r"^ld: symbol\(s\) not found", r"Failed to execute goal \S*maven-compiler-plugin",
        r"Execution failed for task ':?\S*compile\w*'", r"^ninja: build stopped", r"^Module build failed", r"^\S+\.cs\(\d+,\d+\): error CS\d+", r"^CMake Error at ",
    ),
    # A formatter would change files.
    *_signals(
        "format", DECISIVE,
        r"^(?:W|w)ould reformat:? \S", r"^\d+ files? would be reformatted", r"Imports are incorrectly sorted and/or formatted",
        r"^\[warn\] \S+\.\w+$", r"^\[warn\] Code style issues (?:found|in)", r"Code style issues found in", r"^Diff in .+\.rs(?:[: ]|$)",
        r"^(?:black|ruff[ -]format|isort|prettier|yapf|gofmt|rustfmt|clang-format|autopep8|end-of-file-fixer|trailing-whitespace|fix end of files|trim trailing whitespace|blacken-docs|docformatter|gofumpt|spotless)\.{3,}.*Failed",
        r"(?i)^\s*The following files (?:had|have) format violations", r"Run 'gradlew(?:\.bat)? \S*spotlessApply'", r"^--- \S+\s+\(original\)$",
        r"code should be clang-formatted", r"not formatted correctly",
    ),
    # A linter found something.
    *_signals(
        "lint", DECISIVE,
        r"^\S+?\.(?:py|pyi|ipynb)[:-]\d+(?::\d+)?:? (?:error: )?\[?[A-Z]{1,4}\d{2,4}\b(?!\[bandit)", r"^[A-Z]{1,4}\d{3,4}(?: \[\*\])? .+$(?<!\.)", r"^Found \d+ errors?\b.*(?:fixable|fixed, \d+ remaining)",
        r"^\[\*\] \d+ fixable with", r"^✖ \d+ problems? \(", r"^\s+\d+:\d+\s+(?:error|warning)\s{2,}.+\s{2,}[\w@/-]+$", r"[Cc]heckstyle violations", r"Execution failed for task ':?\S*(?:checkstyle|pmd|lint|detekt|ktlint)\w*'",
        r"\[ant:checkstyle\] \[ERROR\]", r"maven-checkstyle-plugin:\S*check\b.*(?:violation|Failed)", r"You have \d+ Checkstyle violation", r"^\[ERROR\] \S+\.java:\[\d+(?:,\d+)?\] \(\w+\) \w+:",
        r"^\S+\.\w+:\d+:\d+: [CRWEF]: \[?\w", r"^\d+ files? inspected, \d+ offenses? detected", r"^\S+:\d+:\d+: .+ \((?:errcheck|govet|staticcheck|gosimple|unused|ineffassign|revive|gocritic|golint|lll|misspell|\w*check)\)$",
        r"^standard: Use JavaScript Standard Style", r"^\S+\.(?:js|jsx|ts|tsx):\d+:\d+: .+\.(?: \([\w/-]+\))?$", r"^\[E?\w?\d{3,4}\] .+$", r"^\S+\.ya?ml:\d+: \[[A-Z]+\d*\]", r"^\S+\.ya?ml:\d+(?::\d+)?: [\w\[\]-]+: .+$",
        r"^(?:ruff|flake8|pylint|eslint|mypy-lint|pyupgrade|shellcheck|hadolint|yamllint|codespell|markdownlint|ruff[ -]check|rubocop|golangci-lint)(?: \([\w ]+\))?\.{3,}.*Failed", r"^>>> (?:General linter failure|Lint for)", r"^\s*(?:Error|Warning|Advice) \([A-Z_]+\) ", r"##\[error\].*\blint(?:runner)?\b.*fail",
        r"^Your code has been rated at", r"^\*{13} Module ", r"^\S+\.rb:\d+:\d+: [CWEF]: ", r"Failed at the \S+ lint script", r"clippy::\w+", r"^SC\d{4} ",
    ),
    # Types do not fit.
    *_signals(
        "type_error", DECISIVE,
        r"^\S+?\.pyi?:\d+(?::\d+)?: error: .+", r"^\s*\S+?\.pyi?:\d+:\d+ - error: .+", r"\berror TS\d{4,5}: ", r"^Found \d+ errors? in \d+ files? \((?:checked|errors prevented)",
        r"^ERROR .+ \[[a-z-]+\]$(?<=\])", r"^\d+ errors?, \d+ warnings?, \d+ informations?", r"^(?:mypy|pyright)\.{3,}.*Failed", r"^error\[[a-z-]+\]: ",
    ),
    # Something that must be installed is not.
    *_signals(
        "missing_dependency", DECISIVE,
        r"No matching distribution found for ", r"Could not find a version that satisfies the requirement ", r"Could not resolve dependencies for project", r"npm (?:ERR!|error)(?: code)? (?:E404|ERESOLVE|ETARGET|notarget)", r"npm (?:ERR!|error) .*unable to resolve dependency tree",
        r"Cannot find (?:module|package) '[^./][^']*'", r"Could not find artifact ", r"ResolutionImpossible|resolution-too-deep", r"^error: package [`'\w].*? (?:does not exist|not found)", r"Could not find (?:gem|method) ", r"Module not found: (?:Error: )?Can't resolve '[^./]",
        r"no required module provides package", r"cannot find package \"", r"error while loading shared libraries", r"cannot open shared object file: No such file or directory", r"Could not (?:find|resolve) (?:all files|com\.|org\.|io\.)", r"because .* depends on .* version solving failed", r"No solution found when resolving",
        r"Missing dependenc(?:y|ies)", r"Failed to import filter module '(?!test)", r"^\S+: command not found$", r"^/bin/(?:ba)?sh: (?:line )?\d*:? ?\S+: (?:command )?not found$", r"The unauthenticated git protocol",
    ),
    # A test took too long.
    *_signals(
        "test_timeout", DECISIVE,
        r"\bFailed: Timeout [>(]", r"^\+{5,} Timeout \+{5,}", r"Timeout of \d+ ?ms exceeded", r"Exceeded timeout of \d+ ?ms", r"TEST-UNEXPECTED-TIMEOUT", r"^Command took >\d+\s?min, returning 124", r"Test timed out in \d+ ?ms", r"panic: test timed out after", r"thrown: \"Exceeded timeout",
        r"TestTimedOutException: test timed out after", r"jest\.setTimeout", r"^\s*Timeout \(>?\d+(?:\.\d+)?s\) from pytest-timeout", r"Jasmine.*DEFAULT_TIMEOUT_INTERVAL",
    ),
    # The machine, the network or the CI service.
    *_signals(
        "infra", DECISIVE,
        r"The operation was cancell?ed", r"The runner has received a shutdown signal", r"lost communication with the server", r"No space left on device", r"^##\[error\]received SIG(?:INT|TERM)", r"Credentials could not be loaded", r"Unable to download artifact", r"Artifact not found for name",
        r"(?i)\b(?:502 Bad Gateway|503 Service (?:Temporarily )?Unavailable|504 Gateway Time-?out)", r"(?i)rate limit exceeded", r"E: (?:Failed to fetch|Unable to fetch)", r"^Err:?\d* .*", r"404 +Not Found \[IP:", r"fatal: unable to access ", r"fatal: (?:repository|Could not read from remote).*", r"remote: Repository not found", r"Could not resolve host",
        r"Temporary failure in name resolution", r"(?i)error while fetching .* from 'https?:", r"Error response from daemon", r"toomanyrequests:", r"Cannot connect to the Docker daemon", r"(?i)connection (?:reset by peer|timed out|refused).*(?:https?:|registry|index)", r"ReadTimeoutError|ConnectTimeoutError|NewConnectionError", r"The job (?:was not started|running on runner .* has exceeded)",
        r"The job exceeded the maximum", r"No output has been received in the last \d+m", r"^Killed$", r"exit code 137\b", r"(?i)out of disk", r"Unable to locate executable file", r"Error: Unable to find a .* runner", r"npm ERR! (?:code )?(?:ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)", r"ERR! network", r"HTTPError: (?:50\d|429)",
    ),
    # Tests ran and some failed.
    *_signals(
        "test_failure", DECISIVE,
        r"^FAILED \S+::\S+", r"^=+ .*\b[1-9]\d* failed\b.*=+$", r"^\d+ failed(?:, \d+ \w+)* in [\d.]+", r"^(?:FAIL|ERROR): test\w* \(", r"^FAILED \((?:failures|errors)=", r"^Tests:\s+[1-9]\d* failed", r"^Test Suites: [1-9]\d* failed", r"^\s*[1-9]\d* failing$", r"^\s*● .+ › .+", r"Tests run: \d+, Failures: [1-9]", r"Tests run: \d+, Failures: \d+, Errors: [1-9]",
        r"There (?:are|were) (?:test failures|failing tests)", r"^--- FAIL: Test", r"^FAIL\s+\S+\s+[\d.]+s$", r"\d+ tests? completed, [1-9]\d* failed", r"^test result: FAILED", r"^\S+ > \S.* FAILED$", r"^Fatal Python error: ", r"Segmentation fault", r"^E\s+(?:AssertionError|assert )", r"^AssertionError\b", r"\d+ examples?, [1-9]\d* failures?", r"OutOfMemoryError: ", r"^\s+✕ ", r"snapshots? (?:failed|obsolete)",
        r"Task :\S*[tT]est FAILED", r"^Performance Alert", r"# Performance (?:Alert|regression)",
    ),
    *_signals("test_failure", LIKELY, r"^E\s+\w+(?:\.\w+)*(?:Error|Exception|Warning)\b", r"^(?:\w+\.)*\w+(?:Error|Exception): ", r"^FAIL \S+"),
    *_signals("infra", LIKELY, r"(?i)\bnetwork (?:is unreachable|error)", r"(?i)\bservice unavailable\b", r"(?i)failed to (?:download|pull|clone|fetch)\b", r"(?i)timed out after \d+ ?(?:m|min|minutes|h|hours|seconds)"),
    *_signals("lint", LIKELY, r"(?i)\blint(?:ing|er)? (?:errors?|failed|violations?)"),
    *_signals("compile", LIKELY, r"(?i)^(?:make(?:\[\d+\])?: \*\*\* .*|error: command '.*(?:gcc|g\+\+|clang|cl\.exe)' failed.*)$", r"(?i)\bcompilation (?:failed|error)"),
    *_signals("infra", HINT, r"^##\[error\](?!Process completed with exit code 1\.)", r"The command \".*\" (?:failed and )?exited with"),
    *_signals("test_failure", HINT, r"^##\[error\]Process completed with exit code"),
)  # fmt: skip

MODULE = re.compile(
    r"(?:ModuleNotFoundError|ImportError)\s*[:(]\s*(?:\(?)No module named '?\"?(?P<module>[\w.-]+)'?\"?"
)
NAME = re.compile(r"ImportError: (?:cannot import name|attempted relative import|Error importing)")
OTHER_IMPORT = re.compile(r"^\s*(?:E\s+)?ImportError: ")
