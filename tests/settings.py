"""The product's own settings, kept apart from an installation that may run in the same folder."""

import atexit
import os
import shutil
import tempfile

if "PRM_TESTS_VAR" not in os.environ:  # the first process makes the folder, and takes it away again
    os.environ["PRM_TESTS_VAR"] = tempfile.mkdtemp(prefix="prm-tests-var-")
    atexit.register(shutil.rmtree, os.environ["PRM_TESTS_VAR"], ignore_errors=True)
os.environ["PRM_VAR"] = os.environ["PRM_TESTS_VAR"]
os.environ |= {"SECRET_KEY": "only-for-tests-and-long-enough-for-every-check", "REDIS_URL": "", "EMAIL_URL": ""}
os.environ.setdefault("LOG_LEVEL", "ERROR")  # tests ask for refused pages by the thousand

from prm.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  (files are collected into it in an installation)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # people are made by the hundred here
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests/templates")  # noqa: F405
