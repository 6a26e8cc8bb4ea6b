from __future__ import annotations

from scripts.deployment.cdk_run import progress_line


def test_a_finished_resource_is_told() -> None:
    line = (
        "Slipway-dev-Data |  3/12 | 4:39:36 PM | CREATE_COMPLETE      | AWS::SQS::Queue  | Queue (Queue1A) "
    )
    assert progress_line(line) == "Slipway-dev-Data 3/12  CREATE_COMPLETE  AWS::SQS::Queue  Queue (Queue1A)"


def test_a_failure_keeps_its_reason() -> None:
    line = 'Slipway-dev-Data | 3/12 | 4:39:36 PM | CREATE_FAILED | AWS::SQS::Queue | Queue (Queue1A) "exists"'
    assert progress_line(line).endswith('CREATE_FAILED  AWS::SQS::Queue  Queue (Queue1A) "exists"')


def test_what_is_under_way_is_not_told() -> None:
    assert progress_line("S | 3/12 | 4:39:36 PM | CREATE_IN_PROGRESS | AWS::SQS::Queue | Queue") == ""


def test_the_end_of_a_stack_is_told() -> None:
    assert progress_line(" ✅  Slipway-dev-Data") == "✅  Slipway-dev-Data"


def test_other_output_is_only_logged() -> None:
    assert progress_line("Stack ARN:") == ""
