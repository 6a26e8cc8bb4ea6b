"""The CDK app: `-c env=dev|staging|prod` says what differs, `-c wheels=aws|host` whose wheels are packed.

`-c rules=all` has synthesis report what cdk-nag's rule packs find; `make check` judges that report.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk

from agents.registry import AGENTS
from stacks.config import EnvironmentConfig, environment_config
from stacks.packaging.bundles import Bundles, LockedBundles, PlaceholderBundles
from stacks.packaging.dependencies import AGENTS as AGENT_PACKAGES
from stacks.packaging.target import target
from stacks.platform import build_platform

ROOT = Path(__file__).resolve().parent


def bundles(app: cdk.App, config: EnvironmentConfig) -> Bundles:
    """Real bundles, unless the CDK CLI says that this command needs none."""
    if app.node.try_get_context("aws:cdk:bundling-stacks") == []:
        return PlaceholderBundles(ROOT / ".slipway" / "cache" / "placeholders")
    chosen = target(app.node.try_get_context("wheels") or "aws")
    extras = {
        *chosen.extras,
        *(("openai",) if config.model_provider == "openai" else ()),
        *(("telemetry",) if config.telemetry else ()),
    }
    return LockedBundles(ROOT, chosen, agents=AGENT_PACKAGES.extended(sorted(extras)))


app = cdk.App()
config = environment_config(
    app.node.try_get_context("env") or "dev", region=app.node.try_get_context("region")
)
build_platform(app, config=config, bundles=bundles(app, config), agents=AGENTS)
if app.node.try_get_context("rules") == "all":
    # cdk-nag is a tool of the gate: a deploy does without it.
    from stacks.rules import report_rule_packs

    report_rule_packs(app)
app.synth()
