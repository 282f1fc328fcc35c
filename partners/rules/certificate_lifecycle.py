"""How a person's certificate moves: submitted, confirmed or returned, valid until it expires or is revoked."""

from __future__ import annotations

from partners.enums import CertificateAction as Action
from partners.enums import CertificateStatus as Status

TABLE: dict[tuple[Status, Action], Status] = {
    (Status.RETURNED, Action.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Action.CONFIRM): Status.ACTIVE,
    (Status.SUBMITTED, Action.RETURN): Status.RETURNED,
    (Status.SUBMITTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.RETURNED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.ACTIVE, Action.EXPIRE): Status.EXPIRED,
    (Status.ACTIVE, Action.REVOKE): Status.REVOKED,
}
