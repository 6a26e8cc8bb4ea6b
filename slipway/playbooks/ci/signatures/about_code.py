"""What only a person decides: findings of security tools, code that does not compile, tests that fail."""

from __future__ import annotations

from slipway.playbooks.ci.signatures.signature import PLAIN, STRONG, table

_PATH = r"[\w@./\\:+~-]+"

SECURITY = table(
    "security",
    STRONG + 10,
    ("bandit found an issue", r"^>> Issue: \[B\d{3}:", r"\bB\d{3}\[bandit\]"),
    (
        "brakeman found a warning",
        r"^\S+\.(?:rb|erb|haml)\s+\d+\s+\S.*\s(?:High|Medium|Weak)$",
        r"^Security Warnings: [1-9]",
    ),
    ("gosec found an issue", r"\bG\d{3} \(CWE-\d+\)"),
    (
        "a dependency is vulnerable",
        r"Found [1-9]\d* known vulnerabilit",
        r"^# npm audit report|=== npm audit security report ===",
        r"^error: \d+ vulnerabilit",
        r"Your code is affected by [1-9]\d* vulnerabilit",
        r"^\s*[1-9]\d* vulnerabilit(?:y|ies) (?:were )?(?:found|reported)",
        r"^-> Vulnerability found in ",
        r"\b(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3})\b.*\b(?:HIGH|CRITICAL|High|Critical)\b",
        r"^Tested \d+ .*found [1-9]\d* (?:issues?|vulnerab)",
        r"Dependency review detected vulnerable packages",
        r"\bosv\.dev/(?:GHSA|PYSEC|CVE|GO|RUSTSEC)-",
        r"One or more dependencies were identified with vulnerabilities",
        r"^Total: [1-9]\d* \((?:UNKNOWN|LOW|MEDIUM|HIGH|CRITICAL)",
    ),
    (
        "a secret is in the code",
        r"leaks? found: [1-9]",
        r"Potential secrets about to be committed",
        r"Found (?:un)?verified result",
        r"\bGH013\b|GITHUB PUSH PROTECTION",
        r"Push cannot contain secrets",
    ),
    (
        "a policy check failed",
        r"^Passed checks: \d+, Failed checks: [1-9]",
        r"^\W*[1-9]\d* (?:Blocking )?Code Findings?\b",
        r"Findings: [1-9]\d* \([1-9]\d* blocking\)",
    ),
)

COMPILE = (
    *table(
        "compile",
        STRONG,
        (
            "the C or C++ compiler failed",
            rf"^{_PATH}\.(?:c|cc|cpp|cxx|h|hh|hpp|m|mm|cu)[:(]\d+.*?: (?:fatal )?error\b",
            r"\berror (?:C|LNK|MSB)\d{4}: ",
        ),
        (
            "the linker failed",
            r"undefined reference to ",
            r"\bld returned \d+ exit status",
            r"cannot find -l\w+",
            r"Undefined symbols for architecture",
            r"^ld: (?:symbol|library|error)",
        ),
        (
            "javac or scalac failed",
            r"COMPILATION ERROR",
            r"^\[ERROR\] .*\.(?:java|kt|scala):\[\d+,\d+\] (?!\(\w+\) )",
            r"maven-compiler-plugin\S* .*Compilation failure",
            r"\.java:\d+: error: (?!.* - )",
            r"Execution failed for task '\S*:compile\w*'",
        ),
        ("the Kotlin compiler failed", r"^e: (?:file://)?\S+\.kts?:"),
        ("the C# compiler failed", r"\.(?:cs|vb)\(\d+,\d+\): error (?:CS|BC)\d{4,5}"),
        ("rustc failed", r"^error\[E\d{4}\]", r"^error: could not compile `(?!.*clippy)"),
        (
            "go build failed",
            rf"^{_PATH}\.go:\d+:\d+: (?:undefined:|syntax error|cannot use|declared and not|.* redeclared)",
            rf"^{_PATH}\.go:\d+:\d+: (?:.* imported and not used|missing return|too many arguments)",
            r"\[(?:build|setup) failed\]$",
        ),
        (
            "a syntax error",
            r"^E +(?:SyntaxError|IndentationError|TabError): ",
            r"^\S+\.pyi?:\d+(?::\d+)?: error: .*\[syntax\]$",
            r"^\S+\.tsx?[(:]\d+[,:]\d+\)?(?:: | - )error TS1\d{3}:",
            r"^\S+\.pyi?:\d+:\d+: (?:E999|invalid-syntax)",
            r"^(?:PHP )?Parse error: +syntax error",
            r"^\S+\.rb:\d+: syntax error",
            r"\bParsing error: Unexpected token",
        ),
        ("the bundler failed", r"Module parse failed: ", r"\[(?:PARSE|UNRESOLVED)_\w*ERROR\]"),
    ),
    *table(
        "compile",
        PLAIN + 3,
        ("the formatter cannot read a file", r"^error: cannot format \S+: Cannot parse"),
        ("the formatter cannot read a file", r"^error: Failed to (?:parse|format) \S+\.pyi?:\d+"),
    ),
    *table(
        "compile",
        PLAIN,
        (
            "a syntax error",
            r"^(?:SyntaxError|IndentationError|TabError): ",
            r"^\s*SyntaxError: (?:\S+: )?(?:Unexpected|Invalid|missing)",
        ),
        ("swiftc failed", r"\.swift:\d+:\d+: error: "),
        (
            "the build failed",
            r"^CMake Error(?: at|:)",
            r"^ninja: build stopped",
            r"^error: command '\S*(?:gcc|cc|clang)\S*' failed",
        ),
    ),
)

TESTS = (
    *table(
        "test_failure",
        STRONG,
        (
            "tests failed",
            r"Tests run: \d+, (?=.*(?:Failures|Errors): [1-9])",
            r"There (?:are|were) (?:test failures|failing tests)",
            r"^\d+ tests completed, [1-9]\d* failed",
            r"^\s*--- FAIL: ",
            r"^test result: FAILED",
            r"^\d+ examples?, [1-9]\d* failures?",
            r"^\d+ (?:runs|tests), \d+ assertions, (?!0 failures, 0 e)",
            r"^Tests: \d+, Assertions: \d+, (?:Errors|Failures): ",
            r"^FAILED \((?=.*\bfailures=[1-9])",
            r"TEST-UNEXPECTED-(?:FAIL|CRASH)",
            r"^\s*Failed!\s+- Failed:\s+[1-9]",
            r"\*\* TEST FAILED \*\*",
        ),
        (
            "coverage is too low",
            r"Required test coverage of .* not reached",
            r"Coverage failure: total of",
            r"coverage threshold for \w+ \([\d.]+%\) not met",
        ),
        ("the program crashed", r"Fatal Python error: ", r"^Segmentation fault", r"\bSIGSEGV\b"),
    ),
    *table(
        "test_timeout",
        PLAIN + 10,
        (
            "a test ran too long",
            r"Failed: Timeout \(?>[\d.]+s\)?",
            r"^\++ Timeout \++$",
            r"Timeout of \d+ ?ms exceeded",
            r"Exceeded timeout of \d+ ?ms",
            r"Test timed out in \d+ ?ms",
            r"Test timeout of \d+ms exceeded",
            r"TEST-UNEXPECTED-TIMEOUT",
            r"panic: test timed out after",
            r"\*\*\*Timeout +[\d.]+ sec",
        ),
        (
            "the tests ran too long",
            r"\b(?:exit(?:ed)?(?: with)?(?: exit)? (?:code|status):? |returning )124\b",
        ),
    ),
    *table("test_failure", PLAIN + 9, ("tests failed", r"^FAIL\s+\S+\s+[\d.]+s$")),
)
