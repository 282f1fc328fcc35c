"""What the applicants of the demo write, in the language of each vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Sentences of those who apply and of those who decide."""

    text: str
    texts: Mapping[str, str]
    question: str
    answer: str
    welcome: str
    refusal: str
    withdrawal: str
    wish: str


WORDS = {
    "en": Words(
        text="Mostly manufacturing and logistics, within two hours of our offices.",
        texts={
            "markets": "Hospitals, harbours and mid-sized manufacturers within two hours of our office.",
            "rivals": "One large American brand, which we would rather replace.",
            "network": "Through the members of our regional trade association.",
            "platform": "Our monitoring appliance, with your gateway inside.",
        },
        question="Which tax number does the company have, and how many of your people are employed full time?",
        answer="We applied for the number last week and will send it. 38 people, all full time.",
        welcome="Glad to have you with us. Tomás will call you this week.",
        refusal="We would need two trained people. Come back when you have hired them.",
        withdrawal="We have changed our plans for this year.",
        wish="I look after the tenders since this month and need to register deals.",
    ),
    "de": Words(
        text="Vor allem Gewerbe und Mehrfamilienhäuser in unserer Region.",
        texts={
            "markets": "Hotels, Spitäler und Mehrfamilienhäuser im Umkreis von zwei Stunden.",
            "rivals": "Eine große Marke aus Skandinavien, die wir gern ersetzen würden.",
            "network": "Über die Mitglieder unseres Fachverbands.",
            "platform": "Unsere Gebäudesteuerung, mit Ihrem Regler als Kern.",
        },
        question="Welche Steuernummer hat die Firma, und wie viele Ihrer Leute arbeiten in Vollzeit?",
        answer="Die Nummer haben wir letzte Woche beantragt und reichen sie nach. 38 Leute, alle in Vollzeit.",
        welcome="Schön, dass Sie dabei sind. Wir melden uns diese Woche bei Ihnen.",
        refusal="In Ihrer Region sind wir zurzeit gut vertreten. Versuchen Sie es im nächsten Jahr wieder.",
        withdrawal="Unsere Pläne für dieses Jahr haben sich geändert.",
        wish="Ich betreue seit diesem Monat die Ausschreibungen und möchte Projekte anmelden.",
    ),
}
