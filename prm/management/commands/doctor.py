import logging
from typing import Any

from django.core.management.base import BaseCommand

from prm.operations import doctor
from prm.operations.doctor import Finding, State


class Command(BaseCommand):
    help = "Say what this machine and this installation have and miss. Exits with 1 when something needed is missing."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        logging.disable()  # what fails is said in one line here
        try:
            findings = doctor.examine()
        finally:
            logging.disable(logging.NOTSET)
        for finding in findings:
            self.stdout.write(self.line(finding))
        if any(finding.state is State.BAD for finding in findings):
            raise SystemExit(1)

    def line(self, finding: Finding) -> str:
        styles = {State.GOOD: self.style.SUCCESS, State.OPTIONAL: self.style.WARNING, State.BAD: self.style.ERROR}
        state = styles[finding.state](f"{finding.state.value:<9}")
        remedy = f"\n{'':31}→ {finding.remedy}" if finding.remedy else ""
        return f"{finding.name:<21} {state}{finding.words}{remedy}"
