"""What pages remember: submissions already answered."""

from django.conf import settings
from django.db import models

from prm.tenancy.models import PersonModel


class Submission(PersonModel):
    """The one-time id of a form that was sent, and where its answer led: sending it twice acts once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    form = models.CharField(max_length=80)
    answer = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
