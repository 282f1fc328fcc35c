"""Logins for the people of the demo, all with one password that anybody may know."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from prm.accounts.models import User

PASSWORD = "demo-harbour-kite"
OPERATOR = "operator@portal.example"


def meet(email: str, name: str, **facts: Any) -> User:
    """Return the login of a person, made the first time; a person may work with both vendors."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=name, password=_hashed(), **facts)
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@cache
def _hashed() -> str:
    """Hash the password once: doing it for each person would take longer than all the rest."""
    return make_password(PASSWORD)
