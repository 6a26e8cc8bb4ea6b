"""Every executor keeps the same promises, and says which ones it cannot keep."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.sandbox import Executor, Limits, open_executor

SHORT = Limits(wall_seconds=1.0)


def python(executor: Executor, code: str, workspace: Path, limits: Limits | None = None) -> tuple[int, str]:
    done = executor.run(["python", "-c", code], workspace=workspace, limits=limits)
    return done.exit_code, done.stdout + done.stderr


def is_running(marker: str) -> bool:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker.encode() in entry.read_bytes():
                return True
        except OSError:
            continue
    return False


def eventually_gone(marker: str) -> bool:
    deadline = time.monotonic() + 10
    while is_running(marker):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_command_reads_and_writes_its_workspace(executor: Executor, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("hello")
    done = executor.run(["sh", "-c", "cat in.txt | tr a-z A-Z > out.txt; echo done"], workspace=tmp_path)
    assert (done.exit_code, done.stdout, (tmp_path / "out.txt").read_text()) == (0, "done\n", "HELLO")


def test_exit_codes_and_both_streams_come_back(executor: Executor, tmp_path: Path) -> None:
    done = executor.run(["sh", "-c", "echo out; echo err >&2; exit 3"], workspace=tmp_path)
    assert (done.exit_code, done.stdout, done.stderr) == (3, "out\n", "err\n")


def test_a_signal_becomes_128_plus_its_number(executor: Executor, tmp_path: Path) -> None:
    assert python(executor, "import os; os.kill(os.getpid(), 11)", tmp_path)[0] == 139


def test_a_program_that_does_not_exist_says_so(executor: Executor, tmp_path: Path) -> None:
    done = executor.run(["no-such-program"], workspace=tmp_path)
    assert done.exit_code == 127
    assert "no-such-program" in done.stderr


def test_nothing_of_our_environment_is_passed_on(
    executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "our-secret")
    done = executor.run(["env"], workspace=tmp_path, env={"GIVEN": "yes"})
    assert "our-secret" not in done.stdout
    assert "GIVEN=yes" in done.stdout


def test_the_environment_of_the_processes_above_cannot_be_read(
    executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "our-secret")
    code = "import os, pathlib; print(pathlib.Path(f'/proc/{os.getppid()}/environ').read_bytes())"
    assert "our-secret" not in python(executor, code, tmp_path)[1]


def test_time_is_up_means_124_and_no_process_is_left(executor: Executor, tmp_path: Path) -> None:
    marker = f"{tmp_path.name}-{executor.kind}"
    script = f"setsid sh -c 'sleep 60; : {marker}' & sh -c 'sleep 60; : {marker}'"
    done = executor.run(["sh", "-c", script], workspace=tmp_path, limits=SHORT)
    assert (done.exit_code, done.timed_out) == (124, True)
    assert eventually_gone(marker)


def test_what_a_command_leaves_in_the_background_ends_with_it(executor: Executor, tmp_path: Path) -> None:
    marker = f"{tmp_path.name}-{executor.kind}"
    done = executor.run(["sh", "-c", f"setsid sh -c 'sleep 60; : {marker}' & echo out"], workspace=tmp_path)
    assert (done.exit_code, done.stdout, done.timed_out) == (0, "out\n", False)
    assert eventually_gone(marker)


def test_a_killed_caller_leaves_no_command_behind(
    executor: Executor, installed: Path, tmp_path: Path
) -> None:
    marker = f"{tmp_path.name}-{executor.kind}"
    code = f"""if True:
        from pathlib import Path
        from local.sandbox import open_executor
        open_executor(Path({str(installed)!r}), only={executor.kind!r}).run(
            ["sh", "-c", "echo started > started; sleep 60; : {marker}"], workspace=Path({str(tmp_path)!r}))
    """
    caller = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[4])
    deadline = time.monotonic() + 30
    while not (tmp_path / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    assert eventually_gone(marker)


def test_long_output_keeps_its_beginning_and_its_end(executor: Executor, tmp_path: Path) -> None:
    done = executor.run(
        ["sh", "-c", "echo first; seq 100000; echo last"],
        workspace=tmp_path,
        limits=Limits(output_bytes=2000),
    )
    assert done.truncated
    assert done.stdout.startswith("first\n")
    assert done.stdout.endswith("last\n")
    assert "bytes left out" in done.stdout
    assert len(done.stdout) < 2100


def test_memory_is_limited(executor: Executor, tmp_path: Path) -> None:
    code, output = python(
        executor, "x = bytearray(400 * 2**20)", tmp_path, Limits(memory_bytes=200 * 1024 * 1024)
    )
    assert code == 1
    assert "MemoryError" in output


def test_processor_time_is_limited(executor: Executor, tmp_path: Path) -> None:
    code, _ = python(executor, "while True: pass", tmp_path, Limits(cpu_seconds=1, wall_seconds=30))
    assert code == 128 + signal.SIGXCPU


def test_the_size_of_a_file_is_limited(executor: Executor, tmp_path: Path) -> None:
    code, output = python(
        executor, "open('big', 'wb').write(b'x' * 2_000_000)", tmp_path, Limits(file_bytes=1_000_000)
    )
    assert code != 0
    assert "File too large" in output


@pytest.mark.skipif(os.getuid() == 0, reason="the kernel does not count processes of root")
def test_the_number_of_processes_is_limited(executor: Executor, tmp_path: Path) -> None:
    code, _ = python(
        executor, "import os\nfor _ in range(3000): os.fork() or os._exit(0)", tmp_path, Limits(processes=20)
    )
    assert code == 1


def test_it_says_truly_whether_the_network_is_closed(executor: Executor, tmp_path: Path) -> None:
    reached = python(executor, "import socket; print([name for _, name in socket.if_nameindex()])", tmp_path)[
        1
    ]
    only_loopback = reached.strip() == "['lo']"
    assert only_loopback or not executor.isolates_network
    assert "network" in executor.description


def test_loopback_works_inside(executor: Executor, tmp_path: Path) -> None:
    code = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())"
    )
    assert python(executor, code, tmp_path) == (0, "")


def test_it_says_truly_whether_files_are_hidden(executor: Executor, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (tmp_path / "credentials").write_text("our-secret")
    code, output = python(executor, f"print(open({str(tmp_path / 'credentials')!r}).read())", workspace)
    assert (code == 1 and "our-secret" not in output) == executor.isolates_files


def test_an_isolating_executor_shows_the_system_read_only(executor: Executor, tmp_path: Path) -> None:
    if not executor.isolates_files:
        pytest.skip("this executor does not isolate files, and says so")
    places = "['/new', '/usr/new', '/etc/new']"
    code = f"for place in {places}:\n  try: open(place, 'w')\n  except OSError: print('refused')"
    assert python(executor, code, tmp_path) == (0, "refused\n" * 3)


def test_an_isolating_executor_cannot_be_undone_from_inside(executor: Executor, tmp_path: Path) -> None:
    if not executor.isolates_files:
        pytest.skip("this executor does not isolate files, and says so")
    done = executor.run(
        ["sh", "-c", "mount -o remount,rw /usr || umount /usr || mount -t tmpfs x /tmp"], workspace=tmp_path
    )
    assert done.exit_code != 0
    assert (
        "CapEff:\t0000000000000000" in executor.run(["cat", "/proc/self/status"], workspace=tmp_path).stdout
    )


def test_an_isolating_executor_protects_the_kernel_s_settings(executor: Executor, tmp_path: Path) -> None:
    if not executor.isolates_files:
        pytest.skip("this executor does not isolate files, and says so")
    code, output = python(executor, "open('/proc/sys/kernel/core_pattern', 'a')", tmp_path)
    assert code == 1
    assert "Read-only file system" in output or "Permission denied" in output


def test_more_can_be_shown_read_only(executor: Executor, tmp_path: Path) -> None:
    workspace, shown = tmp_path / "workspace", tmp_path / "shown"
    workspace.mkdir()
    shown.mkdir()
    (shown / "file").write_text("seen")
    done = executor.run(["cat", f"{shown}/file"], workspace=workspace, read_only={shown: str(shown)})
    assert done.stdout == "seen"
    if executor.isolates_files:
        moved = executor.run(["cat", "/elsewhere/file"], workspace=workspace, read_only={shown: "/elsewhere"})
        assert moved.stdout == "seen"
    else:
        with pytest.raises(ValueError, match="cannot be shown at /elsewhere"):
            executor.run(["true"], workspace=workspace, read_only={shown: "/elsewhere"})


def test_the_tools_of_the_toolchain_run(executor: Executor, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it() -> None:\n    assert True\n")
    for command in ("pytest -q", "ruff check .", "ruff format --check .", "mypy --strict test_it.py"):
        done = executor.run(command.split(), workspace=tmp_path)
        assert done.exit_code == 0, done


def test_without_a_toolchain_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make setup"):
        open_executor(tmp_path)
