"""What marketing money the demo's vendors give, and what their partners do with it. Loading it registers the story."""

from mdf.demo import claims, custom, funds, requests  # noqa: F401
