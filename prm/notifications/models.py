"""What people are told, in the portal and by e-mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices
from prm.events.models import Event
from prm.tenancy.fields import TenantForeignKey, uuid7
from prm.tenancy.models import PersonModel


class Channel(TextChoices):
    """When somebody is told by e-mail."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("Once a day")
    OFF = "off", _("Off")


class Notification(PersonModel):
    """That somebody is told of an event: in their list, in the next daily mail, or both.

    `facts` are what its words need; `prm.notifications.facts` reads them. `path` leads to the record.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    event = TenantForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    is_in_portal = models.BooleanField(default=True)
    is_for_digest = models.BooleanField(default=False)

    class Meta(PersonModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "event", "user", "kind"], name="told_once_of_an_event")
        ]
        indexes = [
            models.Index(fields=["tenant", "user", "at", "id"], name="notification_list"),
            models.Index(
                fields=["tenant", "user"], condition=models.Q(read_at__isnull=True), name="notification_unread"
            ),
            models.Index(
                fields=["tenant", "user"], condition=models.Q(is_for_digest=True), name="notification_for_digest"
            ),
        ]


class NotificationPreference(PersonModel):
    """How one person wants to be told of one kind of event; without a row it is as the kind says."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=80)
    by_email = models.CharField(max_length=10, choices=Channel.choices, default=Channel.AT_ONCE)
    in_portal = models.BooleanField(default=True)

    class Meta(PersonModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "kind"], name="one_preference_per_kind")]


class OutgoingMail(PersonModel):
    """A message written in the transaction that caused it, sent afterwards; its id is its Message-ID.

    The id comes from what the message is about, so that the same message cannot be written twice.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)


class MailMessage(models.Model):
    """A message kept for the operator's mailbox page, where no mail server is configured."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message_id = models.CharField(max_length=200, unique=True)
    to = models.TextField()
    sender = models.CharField(max_length=320)
    subject = models.CharField(max_length=998)
    text = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
