"""What is asked of a person who decides on a quote."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from prm.inbox import forms as deciding
from prm.inbox.forms import ReasonForm


class QuestionForm(deciding.QuestionForm):
    """A question to the partner."""

    reopened = None  # a quote that waits is not changed; one that is sent back is


class RejectionForm(ReasonForm):
    area = "quotes.approval"
    title = _("Reject these discounts")
    button = _("Reject discounts")
    note_to = _("The quote becomes a draft again. The partner reads the reason and the note.")
