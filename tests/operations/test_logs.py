import logging

from prm.operations import logs


def test_secrets_of_links_do_not_reach_the_log() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "GET /halyard/invitations/s3cr3t/ 200", None, None)
    record.request = "GET /accounts/password/reset/key/1-abcdef/"

    line = logs.formatter().format(record)

    assert "s3cr3t" not in line
    assert "abcdef" not in line
    assert "/invitations/***/" in line
