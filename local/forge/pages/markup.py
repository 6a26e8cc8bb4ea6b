"""The frame of a page, its style, and safe text: everything from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.responses import HTMLResponse

STYLE = """
:root { color-scheme: light dark; --line: #d0d7de; --soft: #656d76; --back: #f6f8fa; --link: #0969da;
  --good: #1a7f37; --bad: #cf222e; --wait: #9a6700; --add: #dafbe1; --del: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --line: #30363d; --soft: #8d96a0; --back: #161b22;
  --link: #4493f8; --good: #3fb950; --bad: #f85149; --wait: #d29922; --add: #12261e; --del: #301b1e; } }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 0 auto; padding: 1.5rem }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
nav { color: var(--soft); margin-bottom: 1rem } h1 { font-size: 1.6rem; margin: .2rem 0 }
  h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem } h1 small { color: var(--soft); font-weight: 400 }
.box { border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; overflow: hidden }
.box > header { background: var(--back); border-bottom: 1px solid var(--line); padding: .4rem .8rem;
  color: var(--soft) }
.box > div { padding: .6rem .8rem } .box ul { list-style: none; margin: 0; padding: 0 }
.box li { padding: .4rem .8rem; border-top: 1px solid var(--line) } .box li:first-child { border-top: 0 }
pre, code { font: 12.5px/1.45 ui-monospace, monospace }
  pre { margin: 0; overflow-x: auto; padding: .6rem .8rem }
pre .add { background: var(--add); display: block } pre .del { background: var(--del); display: block }
pre .hunk { color: var(--soft); display: block } pre .ctx { display: block }
.tag { display: inline-block; border-radius: 1rem; padding: 0 .6rem; border: 1px solid var(--line) }
.good { color: var(--good) } .bad { color: var(--bad) }
.wait { color: var(--wait) } .soft { color: var(--soft) }
.prose ul { list-style: disc; padding-left: 1.6rem } .prose ol { padding-left: 1.6rem }
.prose li { padding: 0; border: 0 } .prose li.task { list-style: none; margin-left: -1.4rem }
.prose > :first-child { margin-top: 0 } .prose > :last-child { margin-bottom: 0 }
.prose pre { background: var(--back); border-radius: 6px } .prose table { border-collapse: collapse }
.prose th, .prose td { border: 1px solid var(--line); padding: .2rem .7rem; text-align: left }
"""


def page(title: str, body: str, *, trail: str = "") -> HTMLResponse:
    """Put a body (safe HTML already) into the frame."""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><nav>{trail or 'forge'}</nav>{body}</body></html>"
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "X-Frame-Options": "DENY"})


def link(url: str, text: str) -> str:
    """A link, escaped."""
    return f'<a href="{escape(url, quote=True)}">{escape(text)}</a>'


def rows(items: Iterable[str], *, otherwise: str = "none yet") -> str:
    """A box with one line per item (safe HTML already)."""
    lines = "".join(f"<li>{item}</li>" for item in items)
    return f'<div class="box"><ul>{lines or f"<li class=soft>{otherwise}</li>"}</ul></div>'


def box(heading: str, inside: str) -> str:
    """A box with a heading; both are safe HTML already."""
    return f'<div class="box"><header>{heading}</header>{inside}</div>'


def diff(patch: str) -> str:
    """Show hunks with their added and removed lines coloured."""
    kinds = {"+": "add", "-": "del", "@": "hunk"}
    lines = [
        f'<span class="{kinds.get(line[:1], "ctx")}">{escape(line) or " "}</span>'
        for line in patch.split("\n")
    ]
    return f"<pre>{''.join(lines)}</pre>"


def verdict(status: str, conclusion: str | None) -> str:
    """A check's state in one coloured word."""
    word = conclusion or status
    kind = {"success": "good", "failure": "bad", "timed_out": "bad", "cancelled": "soft", "skipped": "soft"}
    return f'<span class="{kind.get(word, "wait")}">{escape(word.replace("_", " "))}</span>'
