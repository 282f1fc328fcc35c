"""The form in which people write on a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.accounts.text import no_control_characters_but_lines
from prm.comments.models import Comment
from prm.ui.forms import PortalForm
from prm.ui.widgets import Ticks


class CommentForm(PortalForm):
    """A message, whom it tells by name, and whether it stays inside. Names typed with @ need no tick."""

    marks_optional = False

    text = forms.CharField(
        label=_("Message"), max_length=4000, widget=forms.Textarea, validators=[no_control_characters_but_lines]
    )
    mention = forms.MultipleChoiceField(label=_("Tell by name"), required=False, widget=Ticks)
    is_internal = forms.BooleanField(label=_("Only for our own people"), required=False)

    def __init__(
        self, *args: Any, reachable: Iterable[Membership] = (), may_be_internal: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(member.user_id), _name(member)) for member in reachable]
        self.names = [member.user.name for member in reachable]
        self.fields["mention"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["mention"]
        if not may_be_internal:
            del self.fields["is_internal"]

    @classmethod
    def of(cls, comment: Comment, *args: Any, **facts: Any) -> CommentForm:
        """Return the form of a comment that is being mended; whom it is for stays as it was."""
        return cls(*args, initial={"text": comment.text, "mention": sorted(comment.mentioned)}, **facts)

    @property
    def content(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        found = dict(self.cleaned_data)
        return found | {"mention": {UUID(pk) for pk in found.get("mention", [])}}


def _name(member: Membership) -> str:
    return f"{member.user.name}, {member.firm or member.get_role_display()}"
