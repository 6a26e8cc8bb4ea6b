"""Prices, discounts and taxes for everything that Acme sells."""

from pricing.catalog import Catalog, Item, UnknownItem
from pricing.discounts import Discount, PercentOff, VolumeDiscount, best_discount
from pricing.money import CurrencyMismatch, Money
from pricing.quote import Line, Quote, make_quote, net_price

__all__ = [
    "Catalog",
    "CurrencyMismatch",
    "Discount",
    "Item",
    "Line",
    "Money",
    "PercentOff",
    "Quote",
    "UnknownItem",
    "VolumeDiscount",
    "best_discount",
    "make_quote",
    "net_price",
]
