"""What is kept about deals."""

from deals.models.amendments import Amendment
from deals.models.cases import CaseParty, ConflictCase
from deals.models.catalog import Product, ProductFamily
from deals.models.check_ins import CheckIn
from deals.models.customer_imports import CustomerImport, ImportedLine
from deals.models.customers import CustomerKey, CustomerLikeness, CustomerMerge, EndCustomer, MatchKeyCount
from deals.models.directs import DirectOpportunity, DirectTouch
from deals.models.lists import ListEntry, NamedList
from deals.models.protection import Extension, Protection
from deals.models.registrations import PreSalesActivity, Registration, RegistrationLine
from deals.models.rulings import Ruling
from deals.models.sales import Sale, SaleLine
from deals.models.transfers import Transfer
from deals.models.types import RegistrationType

__all__ = [
    "Amendment",
    "CaseParty",
    "CheckIn",
    "ConflictCase",
    "CustomerImport",
    "CustomerKey",
    "CustomerLikeness",
    "CustomerMerge",
    "DirectOpportunity",
    "DirectTouch",
    "EndCustomer",
    "Extension",
    "ImportedLine",
    "ListEntry",
    "MatchKeyCount",
    "NamedList",
    "PreSalesActivity",
    "Product",
    "ProductFamily",
    "Protection",
    "Registration",
    "RegistrationLine",
    "RegistrationType",
    "Ruling",
    "Sale",
    "SaleLine",
    "Transfer",
]
