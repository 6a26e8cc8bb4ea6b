# ruff: noqa: E501  (what tools print is as long as it is)
"""A failed job's log is read by what tools print; what only a person can decide is never offered to tools."""

from __future__ import annotations

from textwrap import dedent

import pytest

from slipway.domain.evidence import AUTO_FIXABLE, CiClass
from slipway.playbooks.ci import classify

LOGS: list[tuple[CiClass, str, str]] = [
    (
        "lint",
        "app/views.py:3:8: F401 [*] `json` imported but unused",
        """
        ##[group]Run ruff check .
        ruff check .
        shell: /usr/bin/bash -e {0}
        ##[endgroup]
        app/views.py:3:8: F401 [*] `json` imported but unused
        Found 1 error.
        [*] 1 fixable with the `--fix` option.
        ##[error]Process completed with exit code 1.
        """,
    ),
    (
        "lint",
        "B006 Do not use mutable data structures for argument defaults",
        """
        B006 Do not use mutable data structures for argument defaults
          --> app/cart.py:9:25
           |
         9 | def add(item, cart=[]):
           |                    ^^
        Found 1 error.
        """,
    ),
    (
        "lint",
        "billing/tax.py:14:80: E501 line too long (91 > 79 characters)",
        "./setup.py ok\nbilling/tax.py:14:80: E501 line too long (91 > 79 characters)\nmake: *** [lint] Error 1\n",
    ),
    (
        "lint",
        "************* Module shop.stock",
        """
        ************* Module shop.stock
        shop/stock.py:12:0: C0116: Missing function or method docstring (missing-function-docstring)
        ------------------------------------------------------------------
        Your code has been rated at 8.75/10 (previous run: 10.00/10, -1.25)
        """,
    ),
    (
        "lint",
        "12:7  error  'total' is assigned a value but never used  no-unused-vars",
        """
        /home/runner/work/shop/shop/src/cart.js
          12:7  error  'total' is assigned a value but never used  no-unused-vars

        ✖ 1 problem (1 error, 0 warnings)

        npm error code ELIFECYCLE
        """,
    ),
    (
        "lint",
        "lib/parcel.rb:7:81: C: Layout/LineLength: Line is too long. [96/80]",
        """
        Inspecting 3 files
        ..C

        Offenses:

        lib/parcel.rb:7:81: C: Layout/LineLength: Line is too long. [96/80]

        3 files inspected, 1 offense detected
        """,
    ),
    (
        "lint",
        "In deploy.sh line 4:",
        """
        In deploy.sh line 4:
        cp $SOURCE $TARGET
           ^-----^ SC2086 (info): Double quote to prevent globbing and word splitting.
        """,
    ),
    (
        "lint",
        "cmd/root.go:41:2: ineffectual assignment to err (ineffassign)",
        "cmd/root.go:41:2: ineffectual assignment to err (ineffassign)\n\terr = run()\n\t^\n",
    ),
    (
        "format",
        "would reformat src/geo/point.py",
        """
        would reformat src/geo/point.py

        Oh no! 💥 💔 💥
        1 file would be reformatted, 12 files would be left unchanged.
        """,
    ),
    (
        "format",
        "Would reformat: src/geo/point.py",
        """
        \x1b[1mWould reformat\x1b[0m: \x1b[1msrc/geo/point.py\x1b[0m
        1 file would be reformatted, 3 files already formatted
        """,
    ),
    (
        "format",
        "Diff in /home/runner/work/engine/engine/src/main.rs:12:",
        "Diff in /home/runner/work/engine/engine/src/main.rs:12:\n-fn main(){\n+fn main() {\n",
    ),
    (
        "format",
        "[warn] src/app.ts",
        """
        Checking formatting...
        [warn] src/app.ts
        [warn] Code style issues found in the above file. Run Prettier with --write to fix.
        """,
    ),
    (
        "format",
        "black....................................................................Failed",
        """
        check yaml...............................................................Passed
        black....................................................................Failed
        - hook id: black
        - files were modified by this hook

        reformatted src/geo/point.py
        """,
    ),
    (
        "type_error",
        'billing/tax.py:8: error: Argument 1 to "rate" has incompatible type "str"; expected "int"  [arg-type]',
        """
        billing/tax.py:8: error: Argument 1 to "rate" has incompatible type "str"; expected "int"  [arg-type]
        Found 1 error in 1 file (checked 9 source files)
        """,
    ),
    (
        "type_error",
        "/home/runner/work/geo/geo/geo/point.py:5:12 - error: \"None\" is not assignable to \"int\" (reportReturnType)",
        """
        /home/runner/work/geo/geo/geo/point.py
          /home/runner/work/geo/geo/geo/point.py:5:12 - error: "None" is not assignable to "int" (reportReturnType)
        1 error, 0 warnings, 0 informations
        """,
    ),
    (
        "type_error",
        "src/app.ts(14,7): error TS2322: Type 'string' is not assignable to type 'number'.",
        "src/app.ts(14,7): error TS2322: Type 'string' is not assignable to type 'number'.\nError: Process completed with exit code 2.\n",
    ),
    (
        "import_error",
        "E   ImportError: cannot import name 'Basket' from 'shop.cart' (/home/runner/work/shop/shop/shop/cart.py)",
        """
        ==================================== ERRORS ====================================
        ____________________ ERROR collecting tests/test_checkout.py ____________________
        ImportError while importing test module '/home/runner/work/shop/shop/tests/test_checkout.py'.
        tests/test_checkout.py:1: in <module>
            from shop.cart import Basket
        E   ImportError: cannot import name 'Basket' from 'shop.cart' (/home/runner/work/shop/shop/shop/cart.py)
        =========================== short test summary info ============================
        ERROR tests/test_checkout.py
        !!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
        =============================== 1 error in 0.10s ===============================
        """,
    ),
    (
        "import_error",
        "ModuleNotFoundError: No module named 'shop.baskets'",
        """
        Traceback (most recent call last):
          File "/home/runner/work/shop/shop/shop/__main__.py", line 2, in <module>
            from shop.baskets import Basket
        ModuleNotFoundError: No module named 'shop.baskets'
        """,
    ),
    (
        "missing_dependency",
        "E   ModuleNotFoundError: No module named 'httpx'",
        """
        ____________________ ERROR collecting tests/test_client.py ____________________
        tests/test_client.py:3: in <module>
            import httpx
        E   ModuleNotFoundError: No module named 'httpx'
        =========================== short test summary info ============================
        ERROR tests/test_client.py
        =============================== 1 error in 0.21s ===============================
        """,
    ),
    (
        "missing_dependency",
        "/opt/hostedtoolcache/Python/3.12.4/x64/bin/python: No module named pytest",
        "/opt/hostedtoolcache/Python/3.12.4/x64/bin/python: No module named pytest\nError: Process completed with exit code 1.\n",
    ),
    (
        "missing_dependency",
        "Cannot find module 'lodash' from 'src/cart.js'",
        """
        FAIL src/cart.test.js
          ● Test suite failed to run

            Cannot find module 'lodash' from 'src/cart.js'

        Test Suites: 1 failed, 1 total
        Tests:       0 total
        """,
    ),
    (
        "missing_dependency",
        "ERROR: No matching distribution found for geopoints>=9",
        "ERROR: No matching distribution found for geopoints>=9\n##[error]Process completed with exit code 1.\n",
    ),
    (
        "test_timeout",
        "E       Failed: Timeout (>2.0s) from pytest-timeout.",
        """
        =================================== FAILURES ===================================
        ___________________________________ test_slow __________________________________
            def test_slow():
        >       poll(queue)
        tests/test_queue.py:9:
        E       Failed: Timeout (>2.0s) from pytest-timeout.
        =========================== short test summary info ============================
        FAILED tests/test_queue.py::test_slow - Failed: Timeout (>2.0s) from pytest-timeout.
        ========================= 1 failed, 4 passed in 2.31s ==========================
        """,
    ),
    (
        "test_timeout",
        "thrown: \"Exceeded timeout of 5000 ms for a test.",
        """
          ● sends the letter

            thrown: "Exceeded timeout of 5000 ms for a test.

        Tests:       1 failed, 7 passed, 8 total
        """,
    ),
    (
        "test_timeout",
        "panic: test timed out after 10m0s",
        "panic: test timed out after 10m0s\nrunning tests:\n\tTestDrain (10m0s)\n",
    ),
    (
        "test_failure",
        "E       assert 3 == 4",
        """
        =================================== FAILURES ===================================
        ___________________________________ test_sum ___________________________________
        >       assert add(1, 2) == 4
        E       assert 3 == 4
        tests/test_sum.py:5: AssertionError
        =========================== short test summary info ============================
        FAILED tests/test_sum.py::test_sum - assert 3 == 4
        ========================= 1 failed, 1 passed in 0.03s ==========================
        """,
    ),
    (
        "test_failure",
        "FAILED (failures=1)",
        """
        ======================================================================
        FAIL: test_sum (test_sum.SumTest)
        ----------------------------------------------------------------------
        AssertionError: 3 != 4
        Ran 2 tests in 0.001s

        FAILED (failures=1)
        """,
    ),
    (
        "test_failure",
        "--- FAIL: TestSum (0.00s)",
        "--- FAIL: TestSum (0.00s)\n    sum_test.go:9: got 3, want 4\nFAIL\nFAIL\texample.com/sum\t0.004s\n",
    ),
    (
        "test_failure",
        "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
        "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\nerror: test failed, to rerun pass `--lib`\n",
    ),
    (
        "compile",
        "E     SyntaxError: invalid syntax",
        """
        ____________________ ERROR collecting tests/test_checkout.py ____________________
        E     File "/home/runner/work/shop/shop/shop/cart.py", line 3
        E       def add(self
        E              ^
        E     SyntaxError: invalid syntax
        =============================== 1 error in 0.10s ===============================
        """,
    ),
    (
        "compile",
        "src/engine.c:14:5: error: use of undeclared identifier 'turn'",
        "src/engine.c:14:5: error: use of undeclared identifier 'turn'\n    turn(1);\n    ^\nmake: *** [engine.o] Error 1\n",
    ),
    (
        "compile",
        "error[E0308]: mismatched types",
        "error[E0308]: mismatched types\n  --> src/main.rs:4:18\nerror: could not compile `engine` (bin \"engine\") due to 1 previous error\n",
    ),
    (
        "compile",
        "./cmd/root.go:12:2: undefined: connect",
        "# example.com/tool/cmd\n./cmd/root.go:12:2: undefined: connect\n",
    ),
    (
        "infra",
        "The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.",
        """
        tests/test_a.py ......
        ##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.
        """,
    ),
    (
        "infra",
        "OSError: [Errno 28] No space left on device",
        "FAILED tests/test_a.py::test_write - OSError\nOSError: [Errno 28] No space left on device\n========= 1 failed in 0.1s =========\n",
    ),
    (
        "infra",
        "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(\"Temporary failure in name resolution\")': /simple/httpx/",
        """
        WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError("Temporary failure in name resolution")': /simple/httpx/
        ERROR: Could not find a version that satisfies the requirement httpx (from versions: none)
        ERROR: No matching distribution found for httpx
        """,
    ),
    (
        "infra",
        "npm error code ECONNRESET",
        "npm error code ECONNRESET\nnpm error syscall read\nnpm error network request to https://npm.example/react failed\n",
    ),
    (
        "security",
        ">> Issue: [B602:subprocess_popen_with_shell_equals_true] subprocess call with shell=True identified, security issue.",
        """
        >> Issue: [B602:subprocess_popen_with_shell_equals_true] subprocess call with shell=True identified, security issue.
           Severity: High   Confidence: High
           Location: tools/deploy.py:14:4
        """,
    ),
    (
        "security",
        "Found 2 known vulnerabilities in 1 package",
        "Found 2 known vulnerabilities in 1 package\nName   Version ID             Fix Versions\njinja2 3.1.2   PYSEC-2024-1   3.1.3\n",
    ),
    (
        "security",
        "# npm audit report",
        "# npm audit report\n\nminimist  <0.2.4\nSeverity: critical\n\n1 critical severity vulnerability\n",
    ),
    (
        "security",
        "11:04AM WRN leaks found: 1",
        "11:04AM INF 42 commits scanned.\n11:04AM WRN leaks found: 1\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ci_class", "line", "log"), LOGS, ids=[f"{log[0]}-{n}" for n, log in enumerate(LOGS)]
)
def test_what_a_tool_prints_says_its_class_and_the_line(ci_class: CiClass, line: str, log: str) -> None:
    diagnosis = classify(dedent(log).lstrip("\n"))
    assert (diagnosis.ci_class, diagnosis.line) == (ci_class, line)
    assert diagnosis.auto_fixable == (ci_class in AUTO_FIXABLE)


def test_a_failed_assertion_beside_a_missing_package_is_a_persons() -> None:
    log = """\
E   ModuleNotFoundError: No module named 'httpx'
E       assert 3 == 4
========================= 2 failed, 1 passed in 0.03s ==========================
"""
    assert classify(log).ci_class == "test_failure"


def test_a_failed_assertion_beside_a_timeout_is_a_persons() -> None:
    log = "  3 failing\n     Error: Timeout of 2000ms exceeded.\n     AssertionError: expected 1 to equal 2\n"
    assert classify(log).ci_class == "test_failure"


def test_a_compiler_outranks_the_linter_that_ran_before_it() -> None:
    log = "a.py:1:1: F401 'os' imported but unused\nsrc/engine.c:14:5: error: expected ';'\n"
    assert not classify(log).auto_fixable


def test_a_cancelled_job_says_nothing_about_the_code() -> None:
    log = "a.py:1:1: F401 'os' imported but unused\n##[error]The operation was canceled.\n"
    assert classify(log).ci_class == "infra"


def test_advice_about_dependencies_while_installing_is_not_a_finding() -> None:
    log = (
        "12 moderate severity vulnerabilities\n  npm audit fix\n\nTests:       2 failed, 5 passed, 7 total\n"
    )
    assert classify(log).ci_class == "test_failure"


def test_the_script_of_a_step_is_not_taken_for_its_output() -> None:
    log = """\
2024-05-01T10:00:00.0000000Z ##[group]Run echo 'SyntaxError: expected'; ruff check .
2024-05-01T10:00:00.0000000Z \x1b[36;1mecho 'SyntaxError: expected'; ruff check .\x1b[0m
2024-05-01T10:00:00.0000000Z ##[endgroup]
2024-05-01T10:00:01.0000000Z app/views.py:3:8: F401 `json` imported but unused
"""
    assert classify(log).ci_class == "lint"


@pytest.mark.parametrize("log", ["", "\n\n", "all good\nbye\n", "\x00\xff{{{ not a log"])
def test_what_shows_no_known_failure_is_a_persons(log: str) -> None:
    assert not classify(log).auto_fixable


def test_an_enormous_line_does_not_stop_the_reading() -> None:
    log = f"{'x' * 500_000}\napp/views.py:3:8: F401 `json` imported but unused\n"
    assert classify(log).ci_class == "lint"
