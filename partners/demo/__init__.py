"""Who sells for the two vendors of the demo. Loading it registers its part of the story."""

from partners.demo import agreements, applications, certifications, custom, onboarding, stories  # noqa: F401
