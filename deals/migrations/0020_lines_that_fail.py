"""Lets a line of an imported list say that it could not be taken over."""

from django.db import migrations, models

PROBLEM = {
    "no_name": "It has no name.",
    "no_letters": "The name has no letter and no digit.",
    "too_long": "A cell is too long. A name has at most 200 characters, a website 253.",
    "unknown_country": "The country is not known. Write its name, or its code such as DE.",
    "no_website": "This is no website of a company. Write its domain, or leave it empty.",
    "no_number": "The tax or register number has no letter and no digit.",
    "failed": "It could not be taken over. Look for what is unusual in it, or write the customer down by hand.",
}


class Migration(migrations.Migration):
    dependencies = [("deals", "0019_cases_of_different_companies")]

    operations = [
        migrations.AlterField(
            "importedline", "problem", models.CharField(blank=True, choices=list(PROBLEM.items()), max_length=20)
        )
    ]
