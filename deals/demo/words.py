"""What people of the demo write, in the language of their vendor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Sentences to choose from."""

    reasons: tuple[str, ...]
    activities: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    progress: tuple[str, ...]
    approvals: tuple[str, ...]
    refusals: dict[str, str]
    talks: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    half_typed: tuple[str, str, str]
    appeal: str
    upheld: str
    overturned: str


WORDS = {
    "en": Words(
        reasons=(
            "Their current contract ends in March, and they want one network for all sites before that.",
            "An audit in spring found open remote access. The board wants it closed by the end of the quarter.",
            "They lost two days to ransomware last year and now have a budget to do it properly.",
            "They open two new sites and do not want to buy the old boxes again.",
            "Their insurer asks for it before it renews the policy in January.",
            "The new head of IT knows the product from her last company and wants a pilot this autumn.",
            "Support for what they run today ends next summer. They compare us with one other vendor.",
            "A customer of theirs demands proof of backups in every tender from now on.",
            "They move out of their own data center and need the same rules in the cloud.",
            "Their team of three cannot watch alerts at night and asked us to take it over.",
        ),
        activities=(
            ("meeting", "Met the head of IT at their office"),
            ("meeting", "Lunch with the finance director, budget confirmed"),
            ("call", "First call, they described the outage"),
            ("call", "Went through the list of sites"),
            ("demo", "Showed the console to six people"),
            ("workshop", "Half a day on the network plan"),
            ("trial", "Two devices run in their lab"),
            ("proposal", "Sent a first estimate"),
        ),
        questions=(
            "Who signs at the customer, and have you met them?",
            "Is the number of sites final? It looks high for their size.",
            "Please tell us the expected close again, the date has nearly passed.",
        ),
        answers=(
            "The finance director signs. We met her on Tuesday, she asked for two references.",
            "Yes, the list is attached to their tender. Nine sites now, the rest within the year.",
        ),
        progress=(
            "The pilot passed, purchasing has our offer and two references called back.",
            "Their board meets on the 12th. The project is approved, only the start date is open.",
            "We ran the workshop and agreed on the design; legal reads the contract.",
        ),
        approvals=(
            "",
            "",
            "Good preparation, thank you. Call me if the pilot needs a loan device.",
            "Yours. Good luck!",
        ),
        refusals={
            "duplicate": "We received this customer from another partner before.",
            "existing_business": "Our own team renews this contract every year.",
            "not_eligible": "Hardware keys alone are outside the program.",
            "incomplete": "We asked twice for the end customer's address.",
            "no_activity": "Nothing shows that you were in touch with them yet. Register again after a first meeting.",
            "other": "The customer told us that the project is off.",
            "no_progress": "Nothing has happened with this customer since the approval.",
            "untrue": "The customer knows nothing of the meetings you listed.",
            "customer_wish": "The customer asked us in writing to work with somebody else.",
            "rules_broken": "The offer was below cost to keep another partner out.",
            "no_evidence": "Please show us something newer than the first meeting.",
            "price": "They chose the cheapest offer.",
            "competitor": "The other vendor is their standard abroad.",
            "function": "They need a certificate that we do not have.",
            "no_budget": "The budget went to another project.",
            "postponed": "Everything is on hold until the new management is in place.",
        },
        talks=(
            (
                "They asked for a reference of the same size. Do you have one?",
                "Yes, two. I will ask them and call you.",
            ),
            ("The customer confirmed the date for the pilot.", "Good. The devices leave our warehouse on Monday."),
            ("Could one of your engineers join the call on Thursday?", "Yes, write to me with the time."),
            ("Purchasing wants the prices in writing before the holidays.", "You have them. Shall I come along?"),
            ("Their new security officer starts in two weeks.", "Then let us meet him together, early."),
            ("They also talk to somebody else, but ask us first.", "Thank you for telling me. What would help?"),
        ),
        notes=(
            "Our own sales met them two years ago, nothing came of it.",
            "Value looks optimistic, everything else fits.",
            "Check with finance: they had an open invoice in spring.",
        ),
        half_typed=("skargard", "about 22k", "next spring"),
        appeal="We met them twice before we registered; the invitations and the minutes are attached to the deal. "
        "Nobody asked us about that.",
        upheld="The meetings are real, but they were about another product. The decision stands.",
        overturned="The minutes show that the partner found the project. It should have been approved.",
    ),
    "de": Words(
        reasons=(
            "Die alte Anlage bekommt ab nächstem Jahr keine Zulassung mehr.",
            "Der Strompreis hat sich verdoppelt, die Geschäftsleitung will bis zum Winter eine Lösung.",
            "Sie bauen die Halle um und planen die Haustechnik neu.",
            "Ein Antrag auf Fördermittel läuft, er muss bis Ende Quartal belegt sein.",
            "Zwei Motoren sind in diesem Sommer ausgefallen, Ersatz gibt es keinen mehr.",
            "Der Gemeinderat hat den Kredit gesprochen, jetzt wird ausgeschrieben.",
            "Sie wollen die Abwärme nutzen und haben unsere Referenz besichtigt.",
            "Der Betreiber verlangt eine Fernwartung, die der bisherige Lieferant nicht bietet.",
        ),
        activities=(
            ("meeting", "Begehung mit dem technischen Leiter"),
            ("meeting", "Gespräch mit der Geschäftsleitung, Budget bestätigt"),
            ("call", "Erstes Telefonat, Ausfall geschildert"),
            ("call", "Mengen und Termine abgestimmt"),
            ("demo", "Besuch einer Referenzanlage"),
            ("workshop", "Auslegung gemeinsam durchgerechnet"),
            ("trial", "Probelauf an einer Linie"),
            ("proposal", "Richtofferte abgegeben"),
        ),
        questions=(
            "Wer entscheidet beim Kunden, und waren Sie schon bei ihm?",
            "Stimmt die Stückzahl? Für die Größe der Anlage scheint sie hoch.",
            "Bis wann wird wirklich bestellt?",
        ),
        answers=(
            "Der Verwaltungsrat entscheidet am 12., wir stellen dort selbst vor.",
            "Ja, es sind zwei Linien. Der Plan liegt dem Gesuch bei.",
        ),
        progress=(
            "Der Probelauf ist bestanden, der Einkauf hat unsere Offerte.",
            "Die Bewilligung ist da, offen ist nur noch der Liefertermin.",
            "Auslegung abgeschlossen, der Vertrag liegt beim Kunden.",
        ),
        approvals=("", "", "Gut vorbereitet, danke. Melden Sie sich für die Inbetriebnahme früh.", "Viel Erfolg!"),
        refusals={
            "duplicate": "Diesen Kunden hat ein anderer Partner vorher gemeldet.",
            "existing_business": "Den Kunden betreuen wir seit Jahren selbst.",
            "not_eligible": "Ersatzteile allein gehören nicht zum Programm.",
            "incomplete": "Nach dem Standort haben wir zweimal gefragt.",
            "no_activity": "Bisher ist kein Kontakt zum Kunden belegt. Melden Sie nach dem ersten Besuch neu.",
            "other": "Der Kunde hat uns gesagt, dass das Projekt nicht kommt.",
            "no_progress": "Seit der Genehmigung ist beim Kunden nichts geschehen.",
            "untrue": "Der Kunde weiß von den genannten Besuchen nichts.",
            "customer_wish": "Der Kunde wünscht schriftlich einen anderen Partner.",
            "rules_broken": "Die Offerte lag unter den Kosten, um andere fernzuhalten.",
            "no_evidence": "Bitte zeigen Sie etwas Neueres als den ersten Besuch.",
            "price": "Die günstigste Offerte hat gewonnen.",
            "competitor": "Der Konzern schreibt einen anderen Lieferanten vor.",
            "function": "Die geforderte Vorlauftemperatur erreichen wir nicht.",
            "no_budget": "Das Geld fließt in ein anderes Projekt.",
            "postponed": "Alles ruht, bis die neue Leitung da ist.",
        },
        talks=(
            (
                "Der Kunde möchte eine Referenz in dieser Größe sehen. Haben Sie eine?",
                "Zwei. Ich frage nach und rufe an.",
            ),
            ("Der Termin für den Probelauf ist bestätigt.", "Sehr gut, die Geräte gehen am Montag ab Lager."),
            ("Kann am Donnerstag jemand von Ihnen dabei sein?", "Gerne, schicken Sie mir die Uhrzeit."),
            ("Der Einkauf will die Preise noch vor den Feiertagen schriftlich.", "Haben Sie heute in der Post."),
            ("Der neue Betriebsleiter fängt in zwei Wochen an.", "Dann gehen wir früh gemeinsam hin."),
            ("Sie sprechen auch mit anderen, fragen aber uns zuerst.", "Danke für die Offenheit. Was würde helfen?"),
        ),
        notes=(
            "Unser Außendienst war vor zwei Jahren dort, ohne Ergebnis.",
            "Der Wert wirkt hoch, sonst passt alles.",
            "Mit der Finanz klären: im Frühling war eine Rechnung offen.",
        ),
        half_typed=("sonnenrain", "ca. 12'000", "im Frühling"),
        appeal="Wir waren vor der Registrierung zweimal dort; Einladungen und Protokolle liegen beim Geschäft. "
        "Danach hat uns niemand gefragt.",
        upheld="Die Termine gab es, aber es ging um ein anderes Produkt. Die Entscheidung bleibt.",
        overturned="Die Protokolle zeigen, dass der Partner das Projekt gefunden hat. Es war zu genehmigen.",
    ),
}
