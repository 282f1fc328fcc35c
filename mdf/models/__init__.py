"""What is kept about marketing funds."""

from mdf.models.approvals import ApprovalStep
from mdf.models.claims import Claim, ClaimExtension, ClaimLine, ClaimProof
from mdf.models.funds import ActivityType, FundAllocation, FundBudget, FundProgram
from mdf.models.ledger import LedgerAccount, LedgerCount, LedgerEntry
from mdf.models.paying_accounts import PayingAccount
from mdf.models.payments import Clawback, Payment, PaymentBatch
from mdf.models.requests import FundRequest, FundRequestLine

__all__ = [
    "ActivityType",
    "ApprovalStep",
    "Claim",
    "ClaimExtension",
    "ClaimLine",
    "ClaimProof",
    "Clawback",
    "FundAllocation",
    "FundBudget",
    "FundProgram",
    "FundRequest",
    "FundRequestLine",
    "LedgerAccount",
    "LedgerCount",
    "LedgerEntry",
    "PayingAccount",
    "Payment",
    "PaymentBatch",
]
