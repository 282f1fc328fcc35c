import pytest

from partners.enums import Checker, PartnerStatus, TaskKind, TaskStatus
from partners.models import ChecklistTask, ChecklistTemplate
from partners.rules.checklists import PlannedTask
from partners.services import agreements, onboarding
from partners.services.onboarding import NothingHandedIn, TaskDoesItself, TaskMoved
from prm.events.models import Event
from tests import build
from tests.build import MONDAY
from tests.partners import build as made


def planned(*tasks, partner_type="reseller", **facts):
    ChecklistTemplate(partner_type=partner_type, tasks=[task.body for task in tasks], saved_at=MONDAY, **facts).save(
        force_insert=True
    )


def opened(*tasks, **facts):
    """A firm that joins, with a checklist of these tasks."""
    planned(*tasks)
    firm = build.partner(**{"status": PartnerStatus.ONBOARDING, **facts})
    agreements.offer(firm, by=build.manager(), at=MONDAY)
    onboarding.open_checklist(firm, by=build.manager(), at=MONDAY)
    return firm


def task_of(firm, kind):
    return ChecklistTask.objects.get(partner=firm, kind=kind)


OTHER = PlannedTask(TaskKind.OTHER, "Tell us your plan", checked_by=Checker.CHANNEL_MANAGER)


def test_without_a_plan_of_its_own_a_vendor_asks_what_is_usual_for_the_type(vendor):
    firm = build.partner(type="system_integrator", status=PartnerStatus.ONBOARDING)
    agreements.offer(firm, by=None, at=MONDAY)
    onboarding.open_checklist(firm, by=None, at=MONDAY)

    kinds = list(ChecklistTask.objects.filter(partner=firm).order_by("position").values_list("kind", flat=True))
    assert kinds[:2] == [TaskKind.AGREEMENT, TaskKind.PROFILE]
    assert TaskKind.INSURANCE in kinds


def test_a_partner_has_one_checklist_and_keeps_what_it_was_opened_with(vendor):
    firm = opened(OTHER)
    ChecklistTemplate.objects.update(tasks=[])

    again = onboarding.open_checklist(firm, by=build.manager(), at=MONDAY)

    assert ChecklistTask.objects.filter(checklist=again).count() == 1


def test_the_last_required_task_makes_the_partner_active(vendor):
    firm = opened(PlannedTask(TaskKind.AGREEMENT), OTHER, PlannedTask(TaskKind.REGISTRATION, is_required=False))
    admin = made.administrator(firm)

    (agreement,) = firm.agreements.all()
    agreements.accept(agreement, made.signature(agreement), by=admin, at=MONDAY)
    assert task_of(firm, TaskKind.AGREEMENT).status == TaskStatus.ACCEPTED
    task = onboarding.submit(task_of(firm, TaskKind.OTHER), answer="We sell.", by=admin, at=MONDAY)
    firm.refresh_from_db()
    assert (task.status, firm.status) == (TaskStatus.SUBMITTED, PartnerStatus.ONBOARDING)

    onboarding.accept(task, by=build.manager(), at=MONDAY)

    firm.refresh_from_db()
    assert firm.status == PartnerStatus.ACTIVE
    assert Event.objects.filter(name="partners.partner.activated").count() == 1


def test_a_returned_task_says_what_is_missing_and_is_handed_in_again(vendor):
    firm = opened(OTHER)
    admin = made.administrator(firm)
    task = onboarding.submit(task_of(firm, TaskKind.OTHER), answer="Soon.", by=admin, at=MONDAY)

    task = onboarding.give_back(task, note="Name the quarter.", by=build.manager(), at=MONDAY)
    assert (task.status, task.note) == (TaskStatus.RETURNED, "Name the quarter.")

    task = onboarding.submit(task, answer="In spring.", by=admin, at=MONDAY)
    assert (task.status, task.note, task.answer) == (TaskStatus.SUBMITTED, "", "In spring.")


def test_a_task_that_nobody_checks_is_done_when_it_is_submitted(vendor):
    firm = opened(PlannedTask(TaskKind.OTHER, "Read the guide"))

    onboarding.submit(task_of(firm, TaskKind.OTHER), answer="Read.", by=made.administrator(firm), at=MONDAY)

    firm.refresh_from_db()
    assert firm.status == PartnerStatus.ACTIVE


def test_a_document_is_handed_in_with_a_file(vendor):
    firm = opened(PlannedTask(TaskKind.INSURANCE, checked_by=Checker.CHANNEL_MANAGER))
    admin, task = made.administrator(firm), task_of(firm, TaskKind.INSURANCE)
    with pytest.raises(NothingHandedIn):
        onboarding.submit(task, by=admin, at=MONDAY)

    build.file(task, admin)

    assert onboarding.submit(task, by=admin, at=MONDAY).status == TaskStatus.SUBMITTED


def test_nobody_submits_a_task_that_completes_itself(vendor):
    firm = opened(PlannedTask(TaskKind.COLLEAGUE))

    with pytest.raises(TaskDoesItself):
        onboarding.submit(task_of(firm, TaskKind.COLLEAGUE), answer="Done", by=made.administrator(firm), at=MONDAY)


def test_of_two_people_who_decide_the_second_is_told(vendor):
    firm = opened(OTHER)
    task = onboarding.submit(task_of(firm, TaskKind.OTHER), answer="Yes.", by=made.administrator(firm), at=MONDAY)
    onboarding.accept(task, by=build.manager(), at=MONDAY, version=task.version)

    with pytest.raises(TaskMoved):
        onboarding.give_back(task, note="No.", by=build.manager(), at=MONDAY, version=task.version)


def test_a_task_that_is_not_needed_is_skipped_with_the_reason(vendor):
    firm = opened(OTHER)

    task = onboarding.skip(task_of(firm, TaskKind.OTHER), note="Known to us.", by=build.manager(), at=MONDAY)

    firm.refresh_from_db()
    assert (task.status, task.note, firm.status) == (TaskStatus.SKIPPED, "Known to us.", PartnerStatus.ACTIVE)


def test_what_was_done_before_is_done_from_the_start(vendor):
    planned(PlannedTask(TaskKind.COLLEAGUE), PlannedTask(TaskKind.TRAINING), OTHER)
    firm = build.partner(status=PartnerStatus.ONBOARDING)
    made.certificate(build.seller(of=firm))
    build.seller(of=firm)

    onboarding.open_checklist(firm, by=build.manager(), at=MONDAY)

    done = ChecklistTask.objects.filter(partner=firm, status=TaskStatus.ACCEPTED).values_list("kind", flat=True)
    assert set(done) == {TaskKind.COLLEAGUE, TaskKind.TRAINING}


def test_a_plan_for_a_tier_comes_before_the_plan_of_the_type(vendor):
    from datetime import date

    from partners.enums import TierReason
    from partners.models import Tier
    from partners.services import tiers
    from tests.partners import programs

    programs.program("Silver", "Gold")
    gold = Tier.objects.get(name="Gold", is_offered=True)
    planned(OTHER)
    planned(PlannedTask(TaskKind.COLLEAGUE), tier=gold)
    firm = build.partner(status=PartnerStatus.ONBOARDING)
    tiers.place(firm, gold, starts_on=date(2026, 1, 1), reason=TierReason.EARNED, by=build.manager(), at=MONDAY)

    onboarding.open_checklist(firm, by=build.manager(), at=MONDAY)

    assert ChecklistTask.objects.get(partner=firm).kind == TaskKind.COLLEAGUE
