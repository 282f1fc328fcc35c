"""What is kept about those who sell."""

from partners.models.achievements import Achievement, Confirmation, Waiver
from partners.models.agreements import Agreement, AgreementText, AgreementVersion
from partners.models.applications import Application, ApplicationLink, JoinRequest
from partners.models.bank_accounts import BankAccount
from partners.models.certifications import Certificate, Certification
from partners.models.evaluations import Evaluation, Outlook, Preview
from partners.models.onboarding import Checklist, ChecklistTask, ChecklistTemplate
from partners.models.partners import Partner
from partners.models.profiles import CompanyProfile
from partners.models.programs import Program, Tier, TierMembership

__all__ = [
    "Achievement",
    "Agreement",
    "AgreementText",
    "AgreementVersion",
    "Application",
    "ApplicationLink",
    "BankAccount",
    "Certificate",
    "Certification",
    "Checklist",
    "ChecklistTask",
    "ChecklistTemplate",
    "CompanyProfile",
    "Confirmation",
    "Evaluation",
    "JoinRequest",
    "Outlook",
    "Partner",
    "Preview",
    "Program",
    "Tier",
    "TierMembership",
    "Waiver",
]
