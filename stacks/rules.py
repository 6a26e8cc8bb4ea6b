"""The rule packs that templates are held against under `-c rules=all`: they report, others judge."""

from __future__ import annotations

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks


def report_rule_packs(app: cdk.App) -> None:
    """Have synthesis write every finding into the assembly's `validation-report.json`."""
    cdk.Validations.of(app).add_plugins(
        AwsSolutionsChecks(app), HIPAASecurityChecks(app), NIST80053R5Checks(app)
    )
