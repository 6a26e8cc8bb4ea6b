"""None where an object should be: repositories and the tickets about them."""

# ruff: noqa: E501  (tickets are quoted as people write them)

from __future__ import annotations

from tests.unit.slipway.playbooks.crash.bench import Case

CASES = (
    Case(
        name="an optional field of a dataclass",
        files={
            "crm/__init__.py": "",
            "crm/models.py": """
from dataclasses import dataclass
from typing import Optional


@dataclass
class Address:
    street: str
    city: str


@dataclass
class Customer:
    name: str
    address: Optional[Address] = None
""",
            "crm/labels.py": """
from crm.models import Customer


def shipping_label(customer: Customer) -> str:
    city = customer.address.city.upper()
    return f"{customer.name} - {city}"
""",
            "tests/test_labels.py": """
from crm.labels import shipping_label
from crm.models import Address, Customer


class TestShippingLabel:
    def test_has_name_and_city(self):
        customer = Customer("Ann", Address("Main St", "Oslo"))
        assert shipping_label(customer) == "Ann - OSLO"
""",
        },
        summary="AttributeError for customers without address",
        description="""
`shipping_label` raises `AttributeError: 'NoneType' object has no attribute 'city'` for customers without an address.
The city should be shown as "UNKNOWN" in that case.
""",
        then="""
from crm.labels import shipping_label; from crm.models import Customer; assert shipping_label(Customer('Bo')) == 'Bo - UNKNOWN'
""",
    ),
    Case(
        name="a regular expression that does not match",
        files={
            "src/versions/__init__.py": """
from versions.parse import major

__all__ = ["major"]
""",
            "src/versions/parse.py": r'''
import re

PATTERN = re.compile(r"^v?(\d+)\.(\d+)")


def major(tag: str) -> int:
    """Major version of a tag such as v1.2."""
    return int(PATTERN.match(tag).group(1))
''',
            "tests/test_parse.py": """
from versions import major


def test_major():
    assert major("v12.3") == 12
""",
        },
        summary="major() crashes on tags that are not versions",
        description="""
```pytb
Traceback (most recent call last):
  File "/usr/lib/python3.11/runpy.py", line 88, in _run_code
    exec(code, run_globals)
  File "/builds/x/src/versions/parse.py", line 8, in major
    return int(PATTERN.match(tag).group(1))
AttributeError: 'NoneType' object has no attribute 'group'
```

`major("latest")` should raise `ValueError` saying "not a version: latest".
""",
        then="""
from versions import major
try: major("nightly")
except ValueError as e: assert "not a version: nightly" in str(e), e
else: raise SystemExit(1)
""",
    ),
    Case(
        name="several statements in the ticket's example",
        files={
            "cartlib/__init__.py": """
from .cart import Cart
""",
            "cartlib/cart.py": """
class Item:
  def __init__(self, name, price):
    self.name = name
    self.price = price


class Cart:
  def __init__(self):
    self.items = []

  def add(self, item):
    self.items.append(item)

  def total(self):
    total = 0
    for item in self.items:
      total += item.price
    return total
""",
            "tests/test_cart.py": """
from cartlib.cart import Cart, Item


def test_total():
    cart = Cart()
    cart.add(Item('a', 2))
    cart.add(Item('b', 3))
    assert cart.total() == 5
""",
        },
        summary="Cart.total crashes when an item has no price",
        description="""
```python
from cartlib.cart import Cart, Item

cart = Cart()
cart.add(Item('book', None))
cart.add(Item('pen', 2))
cart.total()
```
raises `TypeError: unsupported operand type(s) for +=: 'int' and 'NoneType'`

Items without a price should be skipped.
""",
        then="""
from cartlib.cart import *; c=Cart(); c.add(Item('a',None)); c.add(Item('b',4)); assert c.total()==4
""",
    ),
    Case(
        name="a format for a value that is None",
        files={
            "report/__init__.py": "",
            "report/lines.py": """
from typing import NamedTuple, Optional


class Reading(NamedTuple):
    sensor: str
    value: Optional[float]


def line(reading: Reading) -> str:
    return f"{reading.sensor}: {reading.value:.1f}"
""",
        },
        summary="line() fails for readings without value",
        description="""
  File "/x/report/lines.py", line 10, in line
    return f"{reading.sensor}: {reading.value:.1f}"
                               ^^^^^^^^^^^^^^^^^^^
TypeError: unsupported format string passed to NoneType.__format__

Expected output for such a reading: `"t1: n/a"`, i.e. the value should be shown as "n/a".
""",
        then="""
from report.lines import *; assert line(Reading('t1', None)) == 't1: n/a'; assert line(Reading('a',2)) == 'a: 2.0'
""",
    ),
    Case(
        name="a chain of objects",
        files={
            "blog/__init__.py": "",
            "blog/models.py": """
class Author:
    def __init__(self, name, profile=None):
        self.name = name
        self.profile = profile


class Profile:
    def __init__(self, website=None):
        self.website = website


class Post:
    def __init__(self, title, author):
        self.title = title
        self.author = author
""",
            "blog/render.py": '''
from blog.models import Post


def byline(post: Post) -> str:
    """Author with website host."""
    website = post.author.profile.website
    host = website.split("//")[1]
    return f"{post.author.name} ({host})"
''',
            "tests/test_render.py": """
from blog.models import Author, Post, Profile
from blog.render import byline


def test_byline():
    post = Post("Hi", Author("Ann", Profile("https://ann.dev")))
    assert byline(post) == "Ann (ann.dev)"
""",
        },
        summary="byline crashes for authors without a website",
        description="""
```
Traceback (most recent call last):
  File "/code/blog/render.py", line 7, in byline
    host = website.split("//")[1]
AttributeError: 'NoneType' object has no attribute 'split'
```
In this case the byline should return only... well, the host should be "no website".
""",
        then="""
from blog.models import *; from blog.render import byline; assert byline(Post('x', Author('Bo', Profile()))) == 'Bo (no website)'
""",
    ),
    Case(
        name="a ticket that only wants no crash",
        files={
            "pricing/__init__.py": "",
            "pricing/discount.py": '''
"""Discounts."""
from typing import Dict, Optional

DISCOUNTS: Dict[str, float] = {"gold": 0.2, "silver": 0.1}


def discount_for(tier: Optional[str]) -> float:
    """Return the discount of a tier."""
    return DISCOUNTS[tier.lower()]


def price_after_discount(price: float, tier: Optional[str] = None) -> float:
    return round(price * (1 - discount_for(tier)), 2)
''',
            "tests/test_discount.py": """
from pricing.discount import discount_for, price_after_discount


def test_gold():
    assert discount_for("Gold") == 0.2


def test_price():
    assert price_after_discount(10, "silver") == 9
""",
        },
        summary="AttributeError in discount_for for guests",
        description="""
Guests have no tier:

    Traceback (most recent call last):
      File "/app/pricing/discount.py", line 13, in price_after_discount
        return round(price * (1 - discount_for(tier)), 2)
      File "/app/pricing/discount.py", line 9, in discount_for
        return DISCOUNTS[tier.lower()]
    AttributeError: 'NoneType' object has no attribute 'lower'

This should not crash. Guests just do not get a discount.
""",
        then="""
from pricing.discount import *; assert price_after_discount(10) == 10
""",
    ),
    Case(
        name="a source folder that only pytest's settings name",
        files={
            "backend/app/__init__.py": "",
            "backend/app/services/__init__.py": "",
            "backend/app/services/invoice.py": '''
from datetime import date


class InvoiceService:
    """Works on plain dictionaries from the API."""

    def due_date(self, invoice: dict) -> date:
        raw = invoice["terms"]["due"]
        return date.fromisoformat(raw)

    def is_overdue(self, invoice: dict, today: date) -> bool:
        return self.due_date(invoice) < today
''',
            "backend/tests/test_invoice.py": """
from datetime import date

from app.services.invoice import InvoiceService


def test_is_overdue():
    service = InvoiceService()
    assert service.is_overdue({"terms": {"due": "2024-01-01"}}, date(2024, 2, 1)) is True
""",
            "pyproject.toml": """
[tool.pytest.ini_options]
pythonpath = ["backend"]
testpaths = ["backend/tests"]
""",
        },
        summary="[Sentry] TypeError: 'NoneType' object is not subscriptable",
        description="""
**TypeError**: `'NoneType' object is not subscriptable`

app/services/invoice.py in is_overdue at line 12
```
return self.due_date(invoice) < today
```
app/services/invoice.py in due_date at line 8
```
raw = invoice["terms"]["due"]
```

An invoice without terms is never overdue: `is_overdue` should return False.
""",
        then="""
import sys; sys.path.insert(0,'backend'); from datetime import date; from app.services.invoice import InvoiceService as S; assert S().is_overdue({'terms': None}, date(2024,1,1)) is False
""",
    ),
    Case(
        name="a recursion without an end",
        files={
            "tree/__init__.py": "",
            "tree/node.py": '''
from __future__ import annotations


class Node:
    def __init__(self, value: int, left: Node | None = None, right: Node | None = None) -> None:
        self.value = value
        self.left = left
        self.right = right


def depth(node: Node) -> int:
    """Number of levels."""
    return 1 + max(depth(node.left), depth(node.right))
''',
            "tests/__init__.py": "",
        },
        summary="depth() never works",
        description="""
depth(Node(1)) raises AttributeError: 'NoneType' object has no attribute 'left'. An absent node has depth 0, i.e. `depth(None)` should return 0.
""",
        then="""
from tree.node import *; assert depth(Node(1, Node(2))) == 2; assert depth(None) == 0
""",
    ),
)
