"""The frame of a double's page: its style, and a policy under which no script runs."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse

TABLES = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;
border-bottom:1px solid #8884}pre{overflow:auto;padding:.8rem;background:#8881;border-radius:6px}
small,.quiet{color:#777}
"""
"""What lists and single records look like; a double adds its own colours."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"


def page(title: str, content: str, *, style: str, status: int = 200) -> HTMLResponse:
    """Put `content`, which is safe HTML already, into the frame."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        f"<body>{content}</body></html>",
        status_code=status,
        headers={"Content-Security-Policy": _POLICY},
    )
