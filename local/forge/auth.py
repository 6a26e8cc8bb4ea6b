"""Who is calling: people by token, installations by hourly token, apps by a JWT they signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.forge.clock import now, parse, stamp
from local.forge.errors import Refused, unprocessable
from local.forge.records import Account, App, Token

if TYPE_CHECKING:
    from local.forge.store import Store

INSTALLATION_TOKEN_LIFETIME = timedelta(hours=1)
JWT_LIFETIME_LIMIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Caller:
    """An authenticated caller and what it may write."""

    account: Account
    kind: Literal["user", "installation", "app"]
    app: App | None = None
    permissions: Mapping[str, str] | None = None
    repository_ids: tuple[int, ...] | None = None

    def may_write(self, permission: str, *, repository_id: int) -> bool:
        """Say whether the caller may change this side of this repository."""
        if self.kind == "user":
            return self.account.permission in ("admin", "write")
        if self.kind == "app" or self.permissions is None:
            return False
        if self.repository_ids is not None and repository_id not in self.repository_ids:
            return False
        return self.permissions.get(permission) in ("write", "admin")


def issue_token(
    store: Store,
    account: Account,
    *,
    app: App | None = None,
    permissions: Mapping[str, str] | None = None,
    repository_ids: tuple[int, ...] | None = None,
) -> tuple[str, Token]:
    """Make a credential; only its digest is kept."""
    text = ("ghs_" if app is not None else "ghp_") + secrets.token_urlsafe(27)
    expires_at = stamp(datetime.now(UTC) + INSTALLATION_TOKEN_LIFETIME) if app is not None else None
    token = Token(
        id=store.next_id(),
        digest=_digest(text),
        account_id=account.id,
        created_at=now(),
        app_id=app.id if app is not None else None,
        expires_at=expires_at,
        permissions=dict(permissions or {}),
        repository_ids=repository_ids,
    )
    return text, store.tokens.put(token)


def authenticate(store: Store, header: str | None) -> Caller | None:
    """Read an Authorization header; a wrong credential is refused even where none is needed."""
    if not header:
        return None
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        return _by_token(store, _basic_password(value))
    if scheme.lower() not in ("bearer", "token"):
        raise Refused(401, "Bad credentials")
    if value.count(".") == 2:
        return _by_app_jwt(store, value.strip())
    return _by_token(store, value.strip())


def new_key_pair() -> tuple[str, str]:
    """Make an app's RSA key: the private PEM for the app, the public PEM for the forge."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def narrowed(app: App, asked: Mapping[str, str] | None) -> dict[str, str]:
    """Give an installation token's permissions: the app's own, or the part that was asked for."""
    if not asked:
        return dict(app.permissions)
    order = {"read": 1, "write": 2, "admin": 3}
    for name, level in asked.items():
        if order.get(level, 9) > order.get(app.permissions.get(name, ""), 0):
            raise unprocessable(
                "The permissions requested are not granted to this installation."
                f" ({name}: {level}; granted: {app.permissions.get(name, 'none')})"
            )
    return {"metadata": "read", **asked}


def _by_token(store: Store, text: str) -> Caller:
    digest = _digest(text)
    token = store.tokens.first(lambda candidate: candidate.digest == digest)
    account = store.accounts.get(token.account_id) if token is not None else None
    if token is None or account is None:
        raise Refused(401, "Bad credentials")
    if token.expires_at is not None and parse(token.expires_at) <= datetime.now(UTC):
        raise Refused(401, "Bad credentials")
    if token.app_id is None:
        return Caller(account=account, kind="user")
    return Caller(
        account=account,
        kind="installation",
        app=store.apps.get(token.app_id),
        permissions=token.permissions,
        repository_ids=token.repository_ids,
    )


def _by_app_jwt(store: Store, text: str) -> Caller:
    try:
        issuer = str(jwt.decode(text, options={"verify_signature": False}).get("iss", ""))
    except jwt.InvalidTokenError as error:
        raise Refused(401, "A JSON web token could not be decoded") from error
    app = store.apps.first(lambda candidate: issuer in (str(candidate.id), candidate.client_id))
    account = store.accounts.get(app.bot_id) if app is not None else None
    if app is None or account is None:
        raise Refused(401, "Integration not found")
    for public_key in app.public_keys:
        try:
            claims = jwt.decode(
                text,
                public_key,
                algorithms=["RS256"],
                issuer=issuer,
                leeway=60,
                options={"require": ["exp", "iat", "iss"]},
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError as error:
            raise Refused(401, f"A JSON web token could not be decoded: {error}") from error
        if claims["exp"] - claims["iat"] > JWT_LIFETIME_LIMIT.total_seconds() + 60:
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
        return Caller(account=account, kind="app", app=app)
    raise Refused(401, "A JSON web token could not be decoded")


def _basic_password(value: str) -> str:
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused(401, "Bad credentials") from error
    return password if password and password != "x-oauth-basic" else user


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
