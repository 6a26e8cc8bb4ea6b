"""People, organisations, bots and apps."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Account, App

Shape = dict[str, object]


def simple_account(forge: Forge, account: Account) -> Shape:
    """The short form that sits inside other bodies."""
    api = forge.urls.account(account.login)
    page = f"{forge.urls.base}/{quote(account.login)}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"U_{account.id}",
        "avatar_url": f"{forge.urls.base}/avatars/{account.id}",
        "gravatar_id": "",
        "url": api,
        "html_url": page,
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_account(forge: Forge, account: Account) -> Shape:
    """The answer to `GET /user` and `GET /users/{login}`."""
    owned = forge.store.repositories.where(lambda repository: repository.owner == account.login)
    return {
        **simple_account(forge, account),
        "name": account.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": commit_email(account),
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": len(owned),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": account.created_at,
        "updated_at": account.created_at,
    }


def organization(forge: Forge, account: Account) -> Shape:
    """The answer to `GET /orgs/{org}`."""
    url = f"{forge.urls.root}/orgs/{quote(account.login)}"
    owned = forge.store.repositories.where(lambda repository: repository.owner == account.login)
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"O_{account.id}",
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{forge.urls.base}/avatars/{account.id}",
        "description": None,
        "name": account.name or account.login,
        "has_organization_projects": False,
        "has_repository_projects": False,
        "public_repos": len(owned),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{forge.urls.base}/{quote(account.login)}",
        "type": "Organization",
        "created_at": account.created_at,
        "updated_at": account.created_at,
        "archived_at": None,
    }


def app(forge: Forge, record: App) -> Shape:
    """The answer to `GET /app`."""
    owner = forge.account(record.bot_id)
    return {
        "id": record.id,
        "slug": record.slug,
        "node_id": f"A_{record.id}",
        "client_id": record.client_id,
        "owner": simple_account(forge, owner),
        "name": record.name,
        "description": None,
        "external_url": forge.urls.base,
        "html_url": f"{forge.urls.base}/apps/{record.slug}",
        "created_at": record.created_at,
        "updated_at": record.created_at,
        "permissions": dict(record.permissions),
        "events": [],
        "installations_count": 1,
    }


def installation(forge: Forge, record: App, *, owner: Account | None = None) -> Shape:
    """The app's one installation, on everything in the forge."""
    api = f"{forge.urls.root}/app/installations/{record.installation_id}"
    target = owner or forge.account(record.bot_id)
    return {
        "id": record.installation_id,
        "client_id": record.client_id,
        "account": simple_account(forge, target),
        "repository_selection": "all",
        "access_tokens_url": f"{api}/access_tokens",
        "repositories_url": f"{forge.urls.root}/installation/repositories",
        "html_url": f"{forge.urls.base}/apps/{record.slug}",
        "app_id": record.id,
        "target_id": target.id,
        "target_type": target.kind,
        "permissions": dict(record.permissions),
        "events": [],
        "created_at": record.created_at,
        "updated_at": record.created_at,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "app_slug": record.slug,
        "suspended_at": None,
        "suspended_by": None,
    }


def commit_email(account: Account) -> str:
    """The no-reply address that GitHub writes into commits made through the API."""
    return f"{account.id}+{account.login}@users.noreply.github.com"
