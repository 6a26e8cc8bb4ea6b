"""How tools say that something failed: one line format each, with what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway.domain.evidence import CiClass

DECISIVE, STRONG, PLAIN, WEAK = 90, 70, 50, 20
"""A job that was killed says nothing about the code; a failed check says more than a message on the way."""


@dataclass(frozen=True)
class Signature:
    """Lines of one format; `rank` decides between several in one log, the class's safety between equals."""

    ci_class: CiClass
    rank: int
    pattern: re.Pattern[str]
    says: str


def _table(ci_class: CiClass, rank: int, *rows: tuple[str, str]) -> tuple[Signature, ...]:
    return tuple(Signature(ci_class, rank, re.compile(pattern), says) for says, pattern in rows)


_PATH = r"[\w@./\\+~-]+"

SIGNATURES: tuple[Signature, ...] = (
    *_table(
        "infra",
        DECISIVE,
        ("the job was cancelled", r"^The (?:operation was|workflow run was|job was) cancell?ed"),
        ("the runner was stopped", r"^received SIG(?:INT|TERM)|The runner has received a shutdown signal"),
        (
            "the runner was lost",
            r"lost communication with the server|runner .* did not start|No runners? online",
        ),
        ("the job ran out of its time", r"max run time exceeded|has exceeded the maximum execution time"),
        (
            "the job ran out of its time",
            r"execution took longer than \S+ seconds|exceeded the maximum time limit",
        ),
        ("the disk is full", r"No space left on device|not enough space on the disk|ENOSPC"),
        ("a credential is missing", r"Credentials could not be loaded|Could not load credentials from any"),
        (
            "a credential was refused",
            r"^(?:remote: )?(?:Bad credentials|Invalid username or (?:password|token))",
        ),
        ("a credential was refused", r"fatal: (?:Authentication failed for|could not read Username for)"),
        ("an artifact is missing", r"Unable to download artifact|Artifact not found for name"),
        (
            "a package mirror failed",
            r"^E: (?:Unable to fetch some archives|Failed to fetch|Unable to locate package)",
        ),
        ("a package mirror failed", r"^(?:W: |E: )?Failed to fetch https?://"),
        (
            "an image could not be pulled",
            r"toomanyrequests:|pull access denied|manifest unknown|ImagePullBackOff",
        ),
        (
            "an image could not be pulled",
            r"error pulling image|failed to (?:pull|resolve) (?:image|reference)",
        ),
        ("docker does not run", r"Cannot connect to the Docker daemon"),
        ("an action is missing", r"Unable to resolve action|Can't find 'action\.ya?ml'"),
        ("the workflow is not valid", r"Invalid workflow file|error parsing called workflow"),
        ("a rate limit was hit", r"API rate limit exceeded|You have exceeded a secondary rate limit"),
        (
            "the checkout failed",
            r"fatal: (?:unable to access|repository) '.*(?:not found|Could not resolve|error: \d)",
        ),
        ("the checkout failed", r"fatal: couldn't find remote ref|error: RPC failed"),
    ),
    *_table(
        "security",
        STRONG + 10,
        ("bandit found an issue", r"^>> Issue: \[B\d{3}:|\bB\d{3}\[bandit\]"),
        (
            "brakeman found a warning",
            r"^\S+\.(?:rb|erb|haml)\s+\d+\s+\S.*\s(?:High|Medium|Weak)$|^Security Warnings: [1-9]",
        ),
        ("a dependency is vulnerable", r"Found [1-9]\d* known vulnerabilit|^# npm audit report"),
        (
            "a dependency is vulnerable",
            r"^error: \d+ vulnerabilit|Your code is affected by [1-9]\d* vulnerabilit",
        ),
        ("a dependency is vulnerable", r"^\s*[1-9]\d* vulnerabilit(?:y|ies) (?:were )?(?:found|reported)"),
        (
            "a dependency is vulnerable",
            r"\b(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3})\b.*\b(?:HIGH|CRITICAL|High|Critical)\b",
        ),
        ("a dependency is vulnerable", r"^Tested \d+ .*found [1-9]\d* (?:issues|vulnerab)"),
        ("trivy found vulnerabilities", r"^Total: [1-9]\d* \((?:UNKNOWN|LOW|MEDIUM|HIGH|CRITICAL)"),
        (
            "a secret is in the code",
            r"leaks? found: [1-9]|Potential secrets about to be committed|Found (?:un)?verified result",
        ),
        ("a secret is in the code", r"GH013|Push cannot contain secrets|GITHUB PUSH PROTECTION"),
        ("a policy check failed", r"^Passed checks: \d+, Failed checks: [1-9]|^\s*[1-9]\d* Code Findings?\b"),
    ),
    *_table(
        "compile",
        STRONG,
        (
            "the compiler failed",
            rf"^{_PATH}\.(?:c|cc|cpp|cxx|h|hh|hpp|m|mm|cu)[:(]\d+.*?: (?:fatal )?error\b",
        ),
        ("the compiler failed", r"\berror (?:C|LNK|MSB)\d{4}: |\.cs\(\d+,\d+\): error CS\d{4}"),
        ("the linker failed", r"undefined reference to |\bld returned \d+ exit status|cannot find -l\w+"),
        ("the linker failed", r"Undefined symbols for architecture|^ld: (?:symbol|library|error)"),
        ("javac failed", r"COMPILATION ERROR|\.(?:java|kt|scala):\[\d+,\d+\]|\bCompilation failure\b"),
        ("javac failed", r"\.java:\d+: error: |Execution failed for task '\S*:compile\w*'"),
        ("the Kotlin compiler failed", r"^e: (?:file://)?\S+\.kts?:"),
        ("rustc failed", r"^error\[E\d{4}\]|^error: could not compile `"),
        (
            "go build failed",
            rf"^{_PATH}\.go:\d+:\d+: (?:undefined:|syntax error|cannot use|declared and not|.* redeclared)",
        ),
        ("go build failed", r"\[(?:build|setup) failed\]$"),
        ("a syntax error", r"^E +(?:SyntaxError|IndentationError|TabError): "),
        ("a syntax error", r"^\S+\.pyi?:\d+: error: .*\[syntax\]$"),
        ("a syntax error", r"^\S+\.tsx?[(:]\d+[,:]\d+\)?(?:: | - )error TS1\d{3}:"),
        ("a syntax error", r"^\S+\.pyi?:\d+:\d+: (?:E999|invalid-syntax)"),
        ("a syntax error", r"^(?:PHP )?Parse error: +syntax error|^\S+\.rb:\d+: syntax error"),
    ),
    *_table(
        "compile",
        PLAIN,
        ("a syntax error", r"^(?:SyntaxError|IndentationError|TabError): "),
        ("a syntax error", r"^\s*SyntaxError: (?:\S+: )?(?:Unexpected|Invalid|missing)"),
        ("swiftc failed", r"\.swift:\d+:\d+: error: "),
    ),
    *_table(
        "test_failure",
        STRONG,
        ("tests failed", r"Tests run: \d+, (?=.*(?:Failures|Errors): [1-9])"),
        ("tests failed", r"There (?:are|were) (?:test failures|failing tests)"),
        ("tests failed", r"^\d+ tests completed, [1-9]\d* failed"),
        ("tests failed", r"^--- FAIL: |^FAIL\s+\S+\s+[\d.]+s$|^test result: FAILED"),
        (
            "tests failed",
            r"^\d+ examples?, [1-9]\d* failures?|^\d+ (?:runs|tests), \d+ assertions, (?!0 failures, 0 e)",
        ),
        ("tests failed", r"^Tests: \d+, Assertions: \d+, (?:Errors|Failures): "),
        ("tests failed", r"^FAILED \((?=.*\bfailures=[1-9])"),
        ("tests failed", r"TEST-UNEXPECTED-(?:FAIL|CRASH)|^\s*Failed!\s+- Failed:\s+[1-9]"),
        ("tests failed", r"^\d+% tests passed, [1-9]\d* tests failed out of|\*\* TEST FAILED \*\*"),
        ("coverage is too low", r"Required test coverage of .* not reached|Coverage failure: total of"),
        ("coverage is too low", r"coverage threshold for \w+ \([\d.]+%\) not met"),
        ("the interpreter crashed", r"Fatal Python error: |^Segmentation fault|SIGSEGV"),
    ),
    *_table(
        "test_timeout",
        PLAIN + 10,
        ("a test ran too long", r"Failed: Timeout \(?>[\d.]+s\)?|^\++ Timeout \++$"),
        (
            "a test ran too long",
            r"Timeout of \d+ ?ms exceeded|Exceeded timeout of \d+ ?ms|Test timed out in \d+ ?ms",
        ),
        ("a test ran too long", r"TEST-UNEXPECTED-TIMEOUT|panic: test timed out after|TestTimedOutException"),
        (
            "the tests ran too long",
            r"\b(?:exit(?:ed)?(?: with)?(?: exit)? (?:code|status):? |returning )124\b",
        ),
        ("a test ran too long", r"Test timeout of \d+ms exceeded|\*\*\*Timeout +[\d.]+ sec"),
        ("the tests ran too long", r"No output has been received in the last \d+m"),
    ),
    *_table(
        "type_error",
        PLAIN + 5,
        ("mypy found an error", rf"^{_PATH}\.pyi?:\d+(?::\d+)?(?::\d+:\d+)?: error: "),
        ("pyright found an error", rf"^\s*{_PATH}\.pyi?:\d+:\d+ - error: "),
        ("tsc found an error", r"^\S+\.[cm]?[tj]sx?(?:\(\d+,\d+\): |:\d+:\d+ - )error TS\d+"),
        ("tsc found an error", r"^(?:\[\w+\] )?error TS\d+: "),
        (
            "the type checker found errors",
            r"^Found [1-9]\d* errors? in \d+ files? \((?:checked|errors prevented)",
        ),
        ("pyright found errors", r"^[1-9]\d* errors?, \d+ warnings?, \d+ (?:informations?|notes?)"),
        ("ty found an error", r"^error\[[a-z]+(?:-[a-z]+)+\]: "),
    ),
    *_table(
        "lint",
        PLAIN + 4,
        (
            "ruff, flake8 or pylint found a violation",
            rf"^{_PATH}\.(?:pyi?|ipynb):\d+(?::\d+)?:? \[?[A-Z]{{1,4}}\d{{2,4}}\b",
        ),
        ("ruff found a violation", r"^[A-Z]{1,4}\d{3,4} (?:\[\*\] )?\S"),
        ("eslint found a problem", r"^\s+\d+:\d+ +error +\S.* {2,}\S+$|^✖ [1-9]\d* problems? "),
        (
            "standard found a problem",
            r"^standard: Use JavaScript (?:Standard|Semi-Standard)|^\s+\S+\.[cm]?[jt]sx?:\d+:\d+: [A-Z].*\.$",
        ),
        ("rubocop found an offense", r"^\S+:\d+:\d+: [CWEFR]: |^\d+ files? inspected, [1-9]\d* offenses?"),
        (
            "checkstyle found a violation",
            r"\[ant:checkstyle\] \[(?:ERROR|WARN)\]|Failed during checkstyle execution",
        ),
        (
            "checkstyle found a violation",
            r"Checkstyle (?:rule )?violations|\.java:\d+(?::\d+)?: error: .* - |You have [1-9]\d* Checkstyle",
        ),
        ("golangci-lint found an issue", r"^\S+\.go:\d+(?::\d+)?: .+ \([a-z]{2,}\)$"),
        ("lintrunner found an issue", r"^>>> Lint for |^Lint failed!"),
        (
            "ansible-lint found a violation",
            r"^\S+\.ya?ml:\d+(?::\d+)?: (?:\[E\w+\]|[a-z][a-z-]+(?:\[[\w-]+\])?:?) [A-Z]",
        ),
        ("yamllint found a violation", r"^\s+\d+:\d+ +error +.*\([\w-]+\)$|^\S+\.ya?ml:\d+:\d+: \[error\]"),
        (
            "shellcheck found an issue",
            r"^In \S+ line \d+:$|\bSC\d{4} \((?:error|warning|info|style)\)|: \[?SC\d{4}\]?",
        ),
        (
            "stylelint or markdownlint found a problem",
            r"^\S+\.md:\d+(?::\d+)? (?:error )?MD\d{3}/|^ +\d+:\d+ +✖ ",
        ),
        ("hadolint found an issue", r"^\S*Dockerfile\S*:\d+ (?:DL|SC)\d{4}"),
        ("clippy found an issue", r"rust-clippy/master/index\.html#|`-D clippy::"),
        ("pylint rated the code", r"^\*{13} Module |^Your code has been rated at "),
        (
            "ktlint or detekt found an issue",
            r"\.kts?:\d+:\d+:? .*\((?:standard|detekt)?:?[\w-]+\)$|detekt.*weighted issues",
        ),
        (
            "a linter of pre-commit failed",
            r"^(?!.*(?:format|black|prettier|isort|mypy|pyright|test)).*\.{3,}(?:\(.*\))?Failed$",
        ),
    ),
    *_table(
        "format",
        PLAIN + 2,
        ("a file is not formatted", r"^(?:W|w)ould reformat:? \S|^\d+ files? would be reformatted"),
        ("imports are not sorted", r"Imports are incorrectly sorted"),
        (
            "a file is not formatted",
            r"Code style issues (?:found )?in|Forgot to run Prettier|Run Prettier with --write",
        ),
        (
            "a file is not formatted",
            r"^Diff in \S+(?: at line |:)\d+|clang-format-violations|File content differs from formatting",
        ),
        (
            "a file is not formatted",
            r"The following files had format violations|error WHITESPACE: |not formatted files?\b",
        ),
        (
            "a file is not formatted",
            r"^The following files are not formatted|files? (?:is|are) not (?:properly )?(?:gofmt|formatted)",
        ),
        (
            "a formatter of pre-commit failed",
            r"^.*(?:format|black|prettier|isort|fmt|whitespace|end of files).*\.{3,}(?:\(.*\))?Failed$",
        ),
        ("a file was reformatted", r"^reformatted \S|^Fixing \S+\.\w+$"),
    ),
    *_table(
        "infra",
        PLAIN + 1,
        ("a registry could not be reached", r"Could not transfer (?:artifact|metadata) "),
        (
            "a name was not resolved",
            r"Temporary failure in name resolution|Name or service not known|failed to lookup address",
        ),
        (
            "a name was not resolved",
            r"\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN)|[Cc]ould not resolve host|\bdns error\b",
        ),
        (
            "a download failed",
            r"^error: (?:Error while fetching|Failed to (?:download|fetch))|^curl: \(\d+\)",
        ),
        (
            "a registry could not be reached",
            r"(?:npm ERR!|npm error|error) .*(?:ECONNRESET|ETIMEDOUT|ECONNREFUSED|ERR_SOCKET_TIMEOUT)",
        ),
        ("a registry could not be reached", r"ReadTimeoutError\(|Connection to \S+ timed out|ProxyError\("),
        (
            "a server failed",
            r"\b50[234] (?:Bad Gateway|Service Unavailable|Gateway Time-?out)|HTTP Error 50\d|error: 50\d$",
        ),
        ("memory ran out", r"OutOfMemoryError|heap out of memory|Cannot allocate memory|\bOOMKilled\b"),
        ("the process was killed", r"exit(?:ed)?(?: with)? (?:code|status):? 137\b|^Killed$"),
        ("a command is missing", r"(?:^|: )(?:command not found|not found in PATH)|: command not found$"),
    ),
    *_table(
        "missing_dependency",
        PLAIN,
        (
            "no version fits",
            r"^\s*ERROR: (?:Could not find a version that satisfies|No matching distribution found)",
        ),
        (
            "no set of versions fits",
            r"^\s*ERROR: (?:ResolutionImpossible|Cannot install .* because)|No solution found when resolving",
        ),
        ("npm cannot resolve", r"npm (?:ERR!|error) (?:code )?(?:ERESOLVE|E404|ETARGET|notarget)"),
        (
            "npm's lock file is stale",
            r"npm (?:ERR!|error) .*package\.json and package-lock\.json .*(?:in sync|not in sync)",
        ),
        (
            "yarn cannot resolve",
            r"error Couldn't find (?:any versions for|package)|YN0027|ERR_PNPM_(?:NO_MATCHING|OUTDATED)",
        ),
        (
            "Maven cannot resolve",
            r"Could not (?:resolve dependencies for|find artifact)|Failure to find \S+:\S+ in",
        ),
        ("Gradle cannot resolve", r"^> Could not (?:resolve all|find \S+:\S+:)"),
        ("a Node module is missing", r"Cannot find (?:module|package) '(?!\.|/)[@\w]"),
        ("a Node module is missing", r"Module not found: (?:Error: )?Can't resolve '(?!\.|/)"),
        ("a Go module is missing", r"no required module provides package|missing go\.sum entry"),
        ("a crate is missing", r"^error: no matching package named|failed to select a version for"),
        ("a gem is missing", r"Could not find gem|Bundler could not find compatible versions"),
        ("a shared library is missing", r"cannot open shared object file"),
        ("a distribution is missing", r"DistributionNotFound: |PackageNotFoundError: "),
    ),
    *_table(
        "import_error",
        PLAIN,
        (
            "a name cannot be imported",
            r"^(?:E +)?ImportError: (?:cannot import name|attempted relative import)",
        ),
        ("a module cannot be found", r"Cannot find module '\.{0,2}/"),
        ("a module cannot be found", r"Module not found: (?:Error: )?Can't resolve '\.{0,2}/"),
    ),
    *_table(
        "test_failure",
        WEAK,
        ("something ended with an exception", r"^(?:E +)?(?:\w+\.)*\w+(?:Error|Exception): "),
        ("a check failed", r"^(?:make|gmake): \*\*\* |^error: |^ERROR\b|^FAIL(?:ED|URE)?\b"),
        ("the step ended with an error", r"^(?:Error: )?Process completed with exit code [1-9]"),
    ),
)
"""Ordered from what is not about the code to what only hints."""

NO_MODULE = re.compile(
    r"^(?:E +)?(?:ModuleNotFoundError|ImportError): No module named '?(?P<module>[\w.]+)'?"
    r"|^\S*python[\d.]*: No module named (?P<tool>[\w.]+)$"
)
