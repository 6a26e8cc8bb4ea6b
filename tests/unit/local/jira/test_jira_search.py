import pytest


@pytest.fixture
def site(jira):
    for summary, labels in (("Orders crash", ["AI"]), ("Rename the class", ["AI", "shop"]), ("Lunch", [])):
        jira.create(summary=summary, labels=labels)
    jira.person.post("/issue/SHOP-2/transitions", json={"transition": {"id": "51"}}).raise_for_status()
    return jira


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("project = SHOP ORDER BY key ASC", ["SHOP-1", "SHOP-2", "SHOP-3"]),
        ("labels = AI order by key desc", ["SHOP-2", "SHOP-1"]),
        ('labels = "AI" AND status = "To Do"', ["SHOP-1"]),
        ("labels in (shop, other)", ["SHOP-2"]),
        ("labels is EMPTY", ["SHOP-3"]),
        ("labels is not EMPTY and status != Done", ["SHOP-1"]),
        ("status not in (Done) ORDER BY key", ["SHOP-1", "SHOP-3"]),
        ('text ~ "crash orders"', ["SHOP-1"]),
        ("summary ~ rename OR (project = SHOP AND NOT labels = AI) ORDER BY key", ["SHOP-2", "SHOP-3"]),
        ("key = shop-3", ["SHOP-3"]),
        ("", ["SHOP-3", "SHOP-2", "SHOP-1"]),
    ],
)
def test_a_query_finds(site, query: str, keys: list[str]) -> None:
    found = site.person.post("/search/jql", json={"jql": query, "fields": ["summary"]}).json()
    assert [issue["key"] for issue in found["issues"]] == keys


@pytest.mark.parametrize(
    "query",
    ["colour = red", "labels =", "labels = AI status = Done", "assignee = currentUser()", "labels > 3"],
)
def test_a_query_it_does_not_understand_is_refused(site, query: str) -> None:
    answer = site.person.get("/search/jql", params={"jql": query})
    assert answer.status_code == 400
    assert answer.json()["errorMessages"]


def test_results_come_in_pages(site) -> None:
    first = site.person.get("/search/jql", params={"jql": "order by key", "maxResults": "2"}).json()
    assert (len(first["issues"]), first["isLast"]) == (2, False)
    query = {"jql": "order by key", "nextPageToken": first["nextPageToken"], "fields": "summary"}
    rest = site.person.get("/search/jql", params=query).json()
    assert [issue["fields"]["summary"] for issue in rest["issues"]] == ["Lunch"]
    assert rest["isLast"]
