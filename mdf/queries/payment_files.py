"""A batch as the file that a bank takes: a table, or a credit transfer as ISO 20022 writes it (pain.001.001.09).

Amounts and references are exactly those of the batch. Payments that are netted to nothing are not in it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from anyascii import anyascii

from mdf.models import PayingAccount, PaymentBatch
from mdf.queries.payments import Line, total_of
from prm.money import Money, exponent
from prm.spreadsheets import defused

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NOT_SEPA = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
UNKNOWN = "NOTPROVIDED"
HEAD = ("batch", "claim", "partner", "account_holder", "account", "bic", "amount", "currency", "reference", "note")


def to_transfer(lines: Sequence[Line]) -> list[Line]:
    """Return the payments that the bank is asked for."""
    return [line for line in lines if line.payment.transferred.amount > 0]


def as_csv(batch: PaymentBatch, lines: Sequence[Line]) -> str:
    """Return the batch as a table; a partner without checked bank details is named in its note."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEAD)
    for line in to_transfer(lines):
        payment, account = line.payment, line.account
        row = (
            batch.number,
            payment.claim.number,
            payment.partner.name,
            account.holder if account else "",
            account.account if account else "",
            account.bic if account else "",
            amount_of(payment.transferred),
            payment.currency,
            reference_of(line),
            "" if account else "bank details missing",
        )
        writer.writerow([defused(cell) for cell in row])
    return "\ufeff" + written.getvalue()


def payable_by_bank(lines: Sequence[Line]) -> list[Line]:
    """Return the payments a credit transfer can hold: those to partners with checked bank details."""
    return [line for line in to_transfer(lines) if line.account is not None]


def as_xml(batch: PaymentBatch, lines: Sequence[Line], *, payer: str, account: PayingAccount, at: datetime) -> bytes:
    """Return the batch as a credit transfer; partners without checked bank details are left out of it."""
    known = payable_by_bank(lines)
    total = total_of(known, batch.currency)
    document = ET.Element("Document", {"xmlns": NAMESPACE})
    order = ET.SubElement(document, "CstmrCdtTrfInitn")
    header = ET.SubElement(order, "GrpHdr")
    _texts(header, MsgId=batch.number, CreDtTm=at.strftime("%Y-%m-%dT%H:%M:%S"))
    _texts(header, NbOfTxs=str(len(known)), CtrlSum=amount_of(total))
    _texts(ET.SubElement(header, "InitgPty"), Nm=plain(payer, 70))
    info = ET.SubElement(order, "PmtInf")
    _texts(info, PmtInfId=batch.number, PmtMtd="TRF", NbOfTxs=str(len(known)), CtrlSum=amount_of(total))
    _texts(ET.SubElement(info, "ReqdExctnDt"), Dt=at.date().isoformat())
    _texts(ET.SubElement(info, "Dbtr"), Nm=plain(account.holder, 70))
    from_ = ET.SubElement(info, "DbtrAcct")
    _texts(ET.SubElement(from_, "Id"), IBAN=account.iban)
    _texts(from_, Ccy=account.currency)
    _agent(info, "DbtrAgt", account.bic)
    for line in known:
        _transfer(info, batch, line)
    ET.indent(document)
    return ET.tostring(document, encoding="utf-8", xml_declaration=True)


def reference_of(line: Line) -> str:
    """Return what the partner finds on its bank statement."""
    return f"{line.payment.claim.number} {line.payment.claim.request.number}"


def amount_of(money: Money) -> str:
    """Return an amount with a point and the currency's own decimals, as machines read it."""
    return f"{money.rounded().amount:.{exponent(money.currency)}f}"


def plain(text: str, length: int) -> str:
    """Return text in the letters that every bank takes."""
    letters = NOT_SEPA.sub(" ", anyascii(unicodedata.normalize("NFC", text)))
    return " ".join(letters.split())[:length].strip()


def _transfer(parent: ET.Element, batch: PaymentBatch, line: Line) -> None:
    account = line.account
    assert account is not None
    entry = ET.SubElement(parent, "CdtTrfTxInf")
    _texts(ET.SubElement(entry, "PmtId"), InstrId=f"{line.payment.pk.hex}", EndToEndId=line.payment.claim.number)
    amount = ET.SubElement(ET.SubElement(entry, "Amt"), "InstdAmt", {"Ccy": batch.currency})
    amount.text = amount_of(line.payment.transferred)
    _agent(entry, "CdtrAgt", account.bic)
    _texts(ET.SubElement(entry, "Cdtr"), Nm=plain(account.holder or line.payment.partner.name, 70))
    to = ET.SubElement(entry, "CdtrAcct")
    number = account.account.replace(" ", "").upper()
    if IBAN.fullmatch(number):
        _texts(ET.SubElement(to, "Id"), IBAN=number)
    else:
        _other(to, number)
    _texts(ET.SubElement(entry, "RmtInf"), Ustrd=plain(reference_of(line), 140))


def _agent(parent: ET.Element, name: str, bic: str) -> None:
    bank = ET.SubElement(ET.SubElement(parent, name), "FinInstnId")
    if bic:
        _texts(bank, BICFI=bic.replace(" ", "").upper())
    else:
        _texts(ET.SubElement(bank, "Othr"), Id=UNKNOWN)


def _other(parent: ET.Element, number: str) -> None:
    _texts(ET.SubElement(ET.SubElement(parent, "Id"), "Othr"), Id=number[:34])


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
