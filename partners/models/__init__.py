"""What is kept about those who sell."""

from partners.models.partners import Partner
from partners.models.programs import Program, Tier, TierMembership

__all__ = ["Partner", "Program", "Tier", "TierMembership"]
