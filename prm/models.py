"""The platform's models, each defined beside what it is for."""

from prm.accounts.models import Invitation, Membership, User, VendorProfile
from prm.api.models import ApiAnswer, ApiKey
from prm.approvals.models import Approval, ApprovalDecision, ApprovalPlace, StandIn
from prm.audit.models import Seal
from prm.clocks.models import Calendar, CalendarDay
from prm.comments.models import Comment
from prm.custom_fields.models import CustomField
from prm.disputes.models import Dispute
from prm.documents.models import Document, PrivateDocument
from prm.events.models import Delivery, Event, Job
from prm.files.models import File
from prm.notifications.models import MailMessage, Notification, NotificationPreference, OutgoingMail
from prm.policies.models import CourseTaken, PolicyDraft, PolicyVersion, ReasonCode
from prm.policies.replays.models import Replay, ReplayChange
from prm.programme.models import ProgrammeFile
from prm.promises.models import PromiseClock, PromiseTelling
from prm.questions.models import Question
from prm.tenancy.models import Counter, Vendor, VendorDomain
from prm.ui.models import Submission

__all__ = [
    "ApiAnswer",
    "ApiKey",
    "Approval",
    "ApprovalDecision",
    "ApprovalPlace",
    "Calendar",
    "CalendarDay",
    "Comment",
    "Counter",
    "CourseTaken",
    "CustomField",
    "Delivery",
    "Dispute",
    "Document",
    "Event",
    "File",
    "Invitation",
    "Job",
    "MailMessage",
    "Membership",
    "Notification",
    "NotificationPreference",
    "OutgoingMail",
    "PolicyDraft",
    "PolicyVersion",
    "PrivateDocument",
    "ProgrammeFile",
    "PromiseClock",
    "PromiseTelling",
    "Question",
    "ReasonCode",
    "Replay",
    "ReplayChange",
    "Seal",
    "StandIn",
    "Submission",
    "User",
    "Vendor",
    "VendorDomain",
    "VendorProfile",
]
