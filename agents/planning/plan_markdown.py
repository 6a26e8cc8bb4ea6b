"""PLAN.md: a plan as people read and approve it."""

from __future__ import annotations

from collections.abc import Iterable

from slipway.domain.intake.own_words import without_invisible
from slipway.domain.plan import Plan, PlanTask, TestCase

NONE = "None."


def plan_markdown(plan: Plan) -> str:
    """The document, the same text for the same plan; every section is there even when it is empty."""
    return "\n".join(
        [
            f"# {_line(plan.ticket_key)}: {_line(plan.title)}",
            "",
            "## Summary",
            _text(plan.summary),
            "",
            "## Scope",
            "",
            "### In Scope",
            *_bullets("✅", plan.scope.in_scope),
            "",
            "### Out of Scope",
            *_bullets("❌", plan.scope.out_of_scope),
            "",
            "## Architecture",
            "",
            "### Components",
            *(
                f"- `{_code(each.repository)}` `{_code(each.path)}`: {_line(each.responsibility)}"
                for each in plan.architecture.components
            ),
            "",
            "### Data Flow",
            _text(plan.architecture.data_flow),
            "",
            "## Test Plan",
            "",
            "### Unit Tests",
            *_tests(plan.test_strategy.unit_tests),
            "",
            "### Integration Tests",
            *_tests(plan.test_strategy.integration_tests),
            "",
            "## Implementation Tasks",
            "",
            *(line for task in plan.tasks for line in _task(task)),
            "",
            "## Cross-Repo Dependencies",
            *_bullets("", plan.cross_repo_steps),
            "",
            "## Security Considerations",
            *_bullets("", plan.security),
            "",
            "## Rollback Plan",
            _text(plan.rollback),
            "",
        ]
    )


def _task(task: PlanTask) -> Iterable[str]:
    needs = ", ".join(map(str, task.dependencies)) or "none"
    yield f"{task.id}. [ ] {_line(task.description)} (Dependencies: {needs})"
    yield f"   - Repository: `{_code(task.repository)}`, about {task.estimated_hours:g} h"
    yield f"   - Files: {', '.join(f'`{_code(path)}`' for path in task.files)}"


def _tests(cases: tuple[TestCase, ...]) -> list[str]:
    return [
        f"- [ ] {_line(each.description)} (`{_code(each.repository)}` `{_code(each.path)}`)" for each in cases
    ] or [NONE]


def _bullets(mark: str, items: tuple[str, ...]) -> list[str]:
    return [f"- {mark} {_line(item)}" if mark else f"- {_line(item)}" for item in items] or [NONE]


def _line(text: str) -> str:
    """One line: words of a ticket must not add sections to the document that people approve."""
    return _harmless(" ".join(text.split()))


def _text(text: str) -> str:
    """Paragraphs, without headings of their own."""
    lines = (line.rstrip() for line in text.strip().splitlines())
    return (
        _harmless("\n".join(f"\\{line}" if line.lstrip().startswith("#") else line for line in lines)) or NONE
    )


def _code(text: str) -> str:
    return _line(text).replace("`", "'")


def _harmless(text: str) -> str:
    """People approve what they see: no comments (our markers are some), no invisible characters, and no
    image, whose address would tell its host what stands in it.
    """
    return without_invisible(text).replace("<!--", "&lt;!--").replace("![", "!\\[")
