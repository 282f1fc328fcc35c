from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from prm.operations import translations


class Command(BaseCommand):
    help = "Collect the texts to translate into locale/, or compile the translations that changed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["collect", "compile"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        files = translations.catalogs()
        if what == "compile":
            for file in translations.compile_stale(files):
                self.stdout.write(f"compiled {file}")
            return
        for file, untranslated in translations.collect(files).items():
            self.stdout.write(f"{file}: {untranslated} texts wait for a translation")
