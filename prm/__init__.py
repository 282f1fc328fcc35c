"""The platform: tenancy, accounts, money, events, audit, notifications, files, the look. It knows none of the apps."""

from prm.celery import app as celery_app

__all__ = ["celery_app"]
