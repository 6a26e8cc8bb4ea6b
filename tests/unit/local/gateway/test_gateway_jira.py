import pytest


@pytest.fixture
def jira(tools):
    tools.emulator.mode = "NONE"
    site = tools.answer("jira___getAccessibleAtlassianResources", {})[0]

    def call(tool: str, **arguments: object):
        return tools.answer(f"jira___{tool}", {"cloudId": site["id"], **arguments})

    return call


@pytest.fixture
def key(jira) -> str:
    return jira(
        "createJiraIssue",
        projectKey="SHOP",
        summary="Orders crash",
        issueType="Bug",
        description="It **crashes**.",
        labels=["AI"],
    )["key"]


def test_an_issue_is_read_as_markdown(jira, key) -> None:
    fields = jira("getJiraIssue", issueIdOrKey=key)["fields"]
    assert fields["description"] == "It **crashes**."
    assert fields["labels"] == ["AI"]


def test_an_issue_is_read_as_a_document_when_asked(jira, key) -> None:
    issue = jira("getJiraIssue", issueIdOrKey=key, responseContentFormat="adf", fields=["description"])
    assert issue["fields"]["description"]["type"] == "doc"
    assert list(issue["fields"]) == ["description"]


def test_issues_are_found(jira, key) -> None:
    found = jira("searchJiraIssuesUsingJql", jql="labels = AI", fields=["summary"])
    assert [issue["key"] for issue in found["issues"]] == [key]
    assert found["isLast"]


@pytest.mark.parametrize("name", ["commentBody", "body"])
def test_a_comment_is_added_and_then_edited_in_place(jira, key, name: str) -> None:
    made = jira("addOrEditJiraIssueComment", issueIdOrKey=key, **{name: "- planning"})
    jira("addOrEditJiraIssueComment", issueIdOrKey=key, commentId=made["id"], **{name: "- done"})
    comments = jira("getJiraIssue", issueIdOrKey=key)["fields"]["comment"]["comments"]
    assert [comment["body"] for comment in comments] == ["- done"]


@pytest.mark.parametrize("given", [{"transition": {"id": "31"}}, {"transitionId": "31"}])
def test_an_issue_is_moved(jira, key, given) -> None:
    listed = jira("listJiraIssueTransitions", issueIdOrKey=key)["transitions"]
    assert next(t["id"] for t in listed if t["name"] == "In Review") == "31"
    jira("transitionJiraIssue", issueIdOrKey=key, **given)
    assert jira("getJiraIssue", issueIdOrKey=key)["fields"]["status"]["name"] == "In Review"


def test_fields_are_edited(jira, key) -> None:
    edited = jira("editJiraIssue", issueIdOrKey=key, fields={"labels": ["AI", "x"], "description": "*new*"})
    assert edited["fields"]["labels"] == ["AI", "x"]
    assert edited["fields"]["description"] == "*new*"


def test_the_caller_learns_its_account(jira) -> None:
    assert jira("atlassianUserInfo")["emailAddress"] == "bot@example.com"


def test_the_sites_address_is_a_cloud_id_too(tools, jira, key) -> None:
    arguments = {"cloudId": tools.jira_url, "issueIdOrKey": key}
    assert tools.answer("jira___getJiraIssue", arguments)["key"] == key


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"issueIdOrKey": "SHOP-1"}, "missing required parameter: cloudId"),
        ({"cloudId": "elsewhere", "issueIdOrKey": "SHOP-1"}, "isn't explicitly granted"),
    ],
)
def test_a_call_for_no_site_or_another_one_is_refused(tools, arguments, words: str) -> None:
    tools.emulator.mode = "NONE"
    result = tools.call("jira___getJiraIssue", arguments)
    assert result.is_error
    assert words in result.content[0].text


def test_jiras_refusal_reaches_the_caller(tools, jira) -> None:
    arguments = {"cloudId": tools.jira_url, "issueIdOrKey": "SHOP-99"}
    result = tools.call("jira___getJiraIssue", arguments)
    assert result.is_error
    assert "404" in result.content[0].text
    assert "does not exist" in result.content[0].text
