"""What is kept about prices, quotes and orders."""

from quotes.models.approvals import QuoteApprovalStep
from quotes.models.links import OfferLink
from quotes.models.orders import Order, OrderLine
from quotes.models.prices import Price, PriceList, PriceListVersion, VolumeBreak
from quotes.models.quotes import PriceStep, Quote, QuoteLine, QuoteRevision, ResalePrice

__all__ = [
    "OfferLink",
    "Order",
    "OrderLine",
    "Price",
    "PriceList",
    "PriceListVersion",
    "PriceStep",
    "Quote",
    "QuoteApprovalStep",
    "QuoteLine",
    "QuoteRevision",
    "ResalePrice",
    "VolumeBreak",
]
