"""Who may do what with partners."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import PARTNER_ROLES, VENDOR_ROLES, Role

can_see_partners = permission("partners.partner.see", _("See the partners"), VENDOR_ROLES)
can_suspend = permission("partners.partner.suspend", _("Suspend and restore partners"), (Role.ADMIN,))
can_place = permission("partners.tier.place", _("Put partners into tiers"), (Role.ADMIN, Role.CHANNEL_MANAGER))
can_appeal_tier = permission("partners.tier.appeal", _("Appeal a fall to a lower tier"), (Role.PARTNER_ADMIN,))
can_see_company = permission("partners.company.see", _("See the own company"), PARTNER_ROLES)

EVERYBODY = VENDOR_ROLES | PARTNER_ROLES
DECIDING = (Role.ADMIN, Role.CHANNEL_MANAGER)
can_see_agreements = permission("partners.agreement.see", _("See agreements with partners"), EVERYBODY)
can_sign = permission("partners.agreement.sign", _("Accept or decline agreements"), (Role.PARTNER_ADMIN,))
can_offer = permission("partners.agreement.offer", _("Offer agreements to partners and withdraw them"), DECIDING)
can_keep_agreements = permission("partners.agreement.keep", _("Write and publish agreements"), (Role.ADMIN,))
can_see_checklists = permission("partners.checklist.see", _("See onboarding checklists"), EVERYBODY)
can_do_tasks = permission("partners.task.do", _("Hand in onboarding tasks"), (Role.PARTNER_ADMIN,))
can_check_tasks = permission(
    "partners.task.check", _("Check onboarding tasks"), (Role.ADMIN, Role.CHANNEL_MANAGER, Role.FINANCE)
)
can_skip_tasks = permission("partners.task.skip", _("Say that an onboarding task is not needed"), DECIDING)
can_keep_checklists = permission("partners.checklist.keep", _("Plan onboarding checklists"), (Role.ADMIN,))
can_edit_profile = permission("partners.profile.edit", _("Edit the own company profile"), (Role.PARTNER_ADMIN,))
can_change_identity = permission("partners.partner.identify", _("Change a partner's name and tax number"), DECIDING)
can_see_bank = permission("partners.bank.see", _("See bank details in full"), (Role.FINANCE, Role.PARTNER_ADMIN))
can_enter_bank = permission("partners.bank.enter", _("Enter the own bank details"), (Role.PARTNER_ADMIN,))
can_check_bank = permission("partners.bank.check", _("Check bank details"), (Role.FINANCE,))
can_see_certificates = permission("partners.certificate.see", _("See certificates of people"), EVERYBODY)
can_add_certificates = permission("partners.certificate.add", _("Add certificates"), PARTNER_ROLES)
can_confirm_certificates = permission("partners.certificate.confirm", _("Confirm or return certificates"), DECIDING)
can_keep_certifications = permission("partners.certification.keep", _("Keep the certifications"), (Role.ADMIN,))
can_terminate = permission("partners.partner.terminate", _("End the work with a partner for good"), (Role.ADMIN,))
can_write_notes = permission("partners.note.write", _("Write internal notes about partners"), DECIDING)
can_see_applications = permission("partners.application.see", _("See who applies"), VENDOR_ROLES)
can_decide_applications = permission(
    "partners.application.decide", _("Decide about applications"), (Role.ADMIN, Role.CHANNEL_MANAGER)
)
can_let_join = permission(
    "partners.join.decide",
    _("Let people join their company"),
    (Role.ADMIN, Role.CHANNEL_MANAGER, Role.PARTNER_ADMIN),
)
can_keep_joining = permission("partners.joining.keep", _("Change what applicants are asked"), (Role.ADMIN,))
can_see_program = permission("partners.program.see", _("See the program and where partners stand in it"), VENDOR_ROLES)
can_edit_program = permission("partners.program.edit", _("Change and publish the program"), (Role.ADMIN,))
can_evaluate = permission("partners.tier.evaluate", _("Evaluate the tiers of partners now"), DECIDING)
can_judge = permission("partners.requirement.judge", _("Confirm, record and waive requirements of tiers"), DECIDING)
