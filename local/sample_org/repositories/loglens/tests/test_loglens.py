import pytest
from click.testing import CliRunner

from loglens.cli import main
from loglens.records import parse_line, read_records
from loglens.report import human_size, render_latency
from loglens.summary import busiest_hour, by_status, percentile, summarize

LOG = """\
10.0.0.1 - - [01/Mar/2024:10:00:01 +0000] "GET /shop?page=2 HTTP/1.1" 200 5120 12
10.0.0.2 - ada [01/Mar/2024:10:00:02 +0000] "GET /shop HTTP/1.1" 200 4880 18
this line is not a request
10.0.0.1 - - [01/Mar/2024:11:30:00 +0000] "POST /basket HTTP/1.1" 503 0 950
10.0.0.3 - - [01/Mar/2024:11:31:00 +0000] "GET /about HTTP/1.1" 404 120 4
"""


@pytest.fixture
def records():
    return list(read_records(LOG.splitlines()))


def test_a_line_is_read() -> None:
    record = parse_line(LOG.splitlines()[0])
    assert record is not None
    assert (record.host, record.page, record.status) == ("10.0.0.1", "/shop", 200)
    assert (record.size, record.millis) == (5120, 12)


def test_other_lines_are_passed_over(records) -> None:
    assert len(records) == 4


def test_a_summary_has_all_figures(records) -> None:
    summary = summarize(records, top=1)
    assert (summary.requests, summary.error_rate) == (4, 25.0)
    assert (summary.bytes_sent, summary.slowest_millis) == (10120, 950)
    assert summary.top_pages == [("/shop", 2)]


def test_percentiles_take_the_nearest_value() -> None:
    assert percentile([5, 1, 3], 50) == 3
    assert percentile([5, 1, 3], 99) == 5


def test_records_are_grouped_by_status(records) -> None:
    assert {status: len(group) for status, group in by_status(records).items()} == {
        2: 2,
        4: 1,
        5: 1,
    }


def test_the_earlier_of_two_busy_hours_is_named(records) -> None:
    assert busiest_hour(records) == 10
    assert busiest_hour([]) is None


@pytest.mark.parametrize(
    ("size", "text"), [(999, "999 B"), (1500, "1.5 KB"), (2_500_000_000_000, "2500.0 GB")]
)
def test_sizes_have_the_unit_that_people_use(size: int, text: str) -> None:
    assert human_size(size) == text


def test_latency_shows_the_middle_and_the_slow_end(records) -> None:
    assert render_latency(records) == "p50 18 ms, p95 950 ms, p99 950 ms"


def test_the_command_prints_a_report(tmp_path) -> None:
    log = tmp_path / "access.log"
    log.write_text(LOG)
    result = CliRunner().invoke(main, ["summary", str(log), "--top", "1"])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "requests    4",
        "errors      25.0 %",
        "sent        10.1 KB",
        "slowest     950 ms",
        "top pages",
        "       2  /shop",
        "busiest     10:00",
    ]
