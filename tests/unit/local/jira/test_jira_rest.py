import httpx


def paragraph(text: str) -> dict[str, object]:
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]
    return {"type": "doc", "version": 1, "content": content}


def test_a_caller_without_credentials_is_refused(jira) -> None:
    assert httpx.get(f"{jira.url}/rest/api/3/myself").status_code == 401
    answer = httpx.get(f"{jira.url}/rest/api/3/myself", auth=("ada@example.com", "wrong"))
    assert answer.status_code == 401
    assert answer.json()["errorMessages"]


def test_the_caller_learns_who_it_is(jira) -> None:
    assert jira.person.get("/myself").json()["emailAddress"] == "ada@example.com"
    assert jira.bot.get("/myself").json()["accountType"] == "app"


def test_people_are_found_by_name_or_address(jira) -> None:
    found = jira.person.get("/user/search", params={"query": "lovelace"}).json()
    assert [user["emailAddress"] for user in found] == ["ada@example.com"]


def test_an_issue_comes_back_as_it_was_created(jira) -> None:
    key = jira.create(
        summary="Crash", description=paragraph("It crashes."), labels=["AI"], priority={"name": "High"}
    )
    fields = jira.person.get(f"/issue/{key}").json()["fields"]
    assert key == "SHOP-1"
    assert fields["summary"] == "Crash"
    assert fields["description"] == paragraph("It crashes.")
    assert fields["priority"]["name"] == "High"
    assert fields["status"]["statusCategory"]["key"] == "new"


def test_fields_can_be_narrowed(jira) -> None:
    key = jira.create()
    issue = jira.person.get(f"/issue/{key}", params={"fields": "summary,status"}).json()
    assert sorted(issue["fields"]) == ["status", "summary"]


def test_wrong_fields_are_named_in_the_refusal(jira) -> None:
    for fields, name in (
        ({"summary": ""}, "summary"),
        ({"description": "plain text"}, "description"),
        ({"labels": ["two words"]}, "labels"),
        ({"project": {"key": "NOPE"}}, "project"),
        ({"story_points": 3}, "story_points"),
        ({"priority": {"name": "Urgent"}}, "priority"),
    ):
        wanted = {"project": {"key": "SHOP"}, "summary": "x", **fields}
        answer = jira.person.post("/issue", json={"fields": wanted})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [name]


def test_labels_are_added_removed_and_set(jira) -> None:
    key = jira.create(labels=["AI", "shop"])
    operations = [{"add": "urgent"}, {"remove": "shop"}]
    jira.person.put(f"/issue/{key}", json={"update": {"labels": operations}}).raise_for_status()
    assert jira.person.get(f"/issue/{key}").json()["fields"]["labels"] == ["AI", "urgent"]


def test_a_refused_edit_changes_nothing(jira) -> None:
    key = jira.create(summary="Before")
    fields = {"summary": "After", "priority": {"name": "Urgent"}}
    assert jira.person.put(f"/issue/{key}", json={"fields": fields}).status_code == 400
    assert jira.person.get(f"/issue/{key}").json()["fields"]["summary"] == "Before"


def test_an_issue_moves_to_done_and_is_resolved(jira) -> None:
    key = jira.create()
    found = jira.person.get(f"/issue/{key}/transitions").json()["transitions"]
    names = {transition["name"]: transition["id"] for transition in found}
    assert set(names) == {"To Do", "In Progress", "In Review", "Needs Human", "Done"}
    wanted = {"transition": {"id": names["Done"]}}
    jira.person.post(f"/issue/{key}/transitions", json=wanted).raise_for_status()
    fields = jira.person.get(f"/issue/{key}").json()["fields"]
    assert (fields["status"]["name"], fields["resolution"]["name"]) == ("Done", "Done")
    history = jira.person.get(f"/issue/{key}/changelog").json()["values"]
    assert [item["field"] for item in history[0]["items"]] == ["resolution", "status"]


def test_an_unknown_transition_is_refused(jira) -> None:
    key = jira.create()
    answer = jira.person.post(f"/issue/{key}/transitions", json={"transition": {"id": "99"}})
    assert answer.status_code == 400


def test_a_comment_is_edited_in_place(jira) -> None:
    key = jira.create()
    first = jira.bot.post(f"/issue/{key}/comment", json={"body": paragraph("planning")}).json()
    jira.bot.put(f"/issue/{key}/comment/{first['id']}", json={"body": paragraph("done")}).raise_for_status()
    comments = jira.person.get(f"/issue/{key}/comment").json()
    assert comments["total"] == 1
    assert comments["comments"][0]["body"] == paragraph("done")
    jira.bot.delete(f"/issue/{key}/comment/{first['id']}").raise_for_status()
    assert jira.person.get(f"/issue/{key}/comment").json()["total"] == 0


def test_a_comment_must_be_a_document(jira) -> None:
    key = jira.create()
    assert jira.person.post(f"/issue/{key}/comment", json={"body": {"type": "x"}}).status_code == 400


def test_an_attachment_comes_back_byte_for_byte(jira) -> None:
    key = jira.create()
    content = b"diff --git a/a b/a\r\n\x00"
    answer = jira.person.post(
        f"/issue/{key}/attachments",
        files={"file": ("fix.patch", content)},
        headers={"X-Atlassian-Token": "no-check"},
    )
    answer.raise_for_status()
    listed = jira.person.get(f"/issue/{key}").json()["fields"]["attachment"][0]
    assert listed["filename"] == "fix.patch"
    assert listed["size"] == len(content)
    assert jira.person.get(listed["content"]).content == content


def test_an_upload_without_the_anti_forgery_header_is_refused(jira) -> None:
    key = jira.create()
    answer = jira.person.post(f"/issue/{key}/attachments", files={"file": ("a", b"x")})
    assert answer.status_code == 403


def test_a_remote_link_with_the_same_global_id_is_updated(jira) -> None:
    key = jira.create()
    for title, status in (("Draft", 201), ("Ready", 200)):
        link = {"globalId": "pr=1", "object": {"url": "http://127.0.0.1/pr/1", "title": title}}
        assert jira.bot.post(f"/issue/{key}/remotelink", json=link).status_code == status
    links = jira.person.get(f"/issue/{key}/remotelink").json()
    assert [link["object"]["title"] for link in links] == ["Ready"]


def test_everything_survives_a_restart(start_jira) -> None:
    before = start_jira()
    key = before.create(labels=["AI"])
    before.bot.post(f"/issue/{key}/comment", json={"body": paragraph("kept")}).raise_for_status()
    after = start_jira()
    assert after.person.get(f"/issue/{key}").json()["fields"]["labels"] == ["AI"]
    assert after.person.get(f"/issue/{key}/comment").json()["total"] == 1
    assert after.create() == "SHOP-2"


def test_a_reset_forgets_everything(jira) -> None:
    jira.create()
    jira.admin.post("/reset").raise_for_status()
    assert jira.person.get("/myself").status_code == 401


def test_the_pages_escape_what_people_wrote(jira) -> None:
    script = "<script>alert(1)</script>"
    key = jira.create(summary=script, description=paragraph(script))
    jira.person.post(f"/issue/{key}/comment", json={"body": paragraph(script)}).raise_for_status()
    link = {"object": {"url": "javascript:alert(1)", "title": script}}
    jira.bot.post(f"/issue/{key}/remotelink", json=link).raise_for_status()
    for path in ("/", f"/browse/{key}"):
        page = httpx.get(f"{jira.url}{path}").text
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "<b>" not in page
        assert "javascript:" not in page
    assert httpx.get(f"{jira.url}/browse/SHOP-99").status_code == 404
