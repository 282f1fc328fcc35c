"""The product's own settings, kept apart from an installation that may run in the same folder."""

import os
import tempfile

os.environ.setdefault("PRM_VAR", tempfile.mkdtemp(prefix="prm-tests-var-"))
os.environ |= {"SECRET_KEY": "only-for-tests-and-long-enough-for-every-check", "REDIS_URL": "", "EMAIL_URL": ""}

from prm.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # people are made by the hundred here
