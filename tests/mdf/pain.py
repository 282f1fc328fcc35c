"""What pain.001.001.09 asks for, of the parts that we write: every element's children in order, `!` where one has to
be there, `*` where there may be many, and what texts look like."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
PARTY = "Nm PstlAdr Id CtryOfRes CtctDtls"
ACCOUNT = "Id! Tp Ccy Nm Prxy"
AGENT = "FinInstnId! BrnchId"
CHILDREN = {
    "Document": "CstmrCdtTrfInitn!",
    "CstmrCdtTrfInitn": "GrpHdr! PmtInf!* SplmtryData*",
    "GrpHdr": "MsgId! CreDtTm! Authstn* NbOfTxs! CtrlSum InitgPty! FwdgAgt InitnSrc",
    "InitgPty": PARTY,
    "PmtInf": "PmtInfId! PmtMtd! ReqdAdvcTp BtchBookg NbOfTxs CtrlSum PmtTpInf ReqdExctnDt! PoolgAdjstmntDt Dbtr! "
    "DbtrAcct! DbtrAgt! DbtrAgtAcct InstrForDbtrAgt UltmtDbtr ChrgBr ChrgsAcct ChrgsAcctAgt CdtTrfTxInf!*",
    "ReqdExctnDt": "Dt! | DtTm!",
    "Dbtr": PARTY,
    "DbtrAcct": ACCOUNT,
    "DbtrAgt": AGENT,
    "CdtTrfTxInf": "PmtId! PmtTpInf Amt! XchgRateInf ChrgBr MndtRltdInf ChqInstr UltmtDbtr IntrmyAgt1 IntrmyAgt1Acct "
    "IntrmyAgt2 IntrmyAgt2Acct IntrmyAgt3 IntrmyAgt3Acct CdtrAgt CdtrAgtAcct Cdtr CdtrAcct UltmtCdtr InstrForCdtrAgt* "
    "InstrForDbtrAgt Purp RgltryRptg* Tax RltdRmtInf* RmtInf SplmtryData*",
    "PmtId": "InstrId EndToEndId! UETR",
    "Amt": "InstdAmt! | EqvtAmt!",
    "CdtrAgt": AGENT,
    "Cdtr": PARTY,
    "CdtrAcct": ACCOUNT,
    "Id": "IBAN! | Othr!",
    "Othr": "Id! SchmeNm Issr",
    "FinInstnId": "BICFI ClrSysMmbId LEI Nm PstlAdr Othr",
    "RmtInf": "Ustrd* Strd*",
}
TEXTS = {
    **dict.fromkeys(("MsgId", "PmtInfId", "InstrId", "EndToEndId"), r".{1,35}"),
    **dict.fromkeys(("Nm", "Ustrd"), r".{1,140}"),
    **dict.fromkeys(("CtrlSum", "InstdAmt"), r"\d{1,13}(\.\d{1,5})?"),
    "CreDtTm": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "NbOfTxs": r"\d{1,15}",
    "PmtMtd": r"TRF|TRA|CHK",
    "Dt": r"\d{4}-\d\d-\d\d",
    "Ccy": r"[A-Z]{3}",
    "IBAN": r"[A-Z]{2}\d{2}[a-zA-Z0-9]{1,30}",
    "BICFI": r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?",
    "Id": r".{1,34}",
}


def faults(content: bytes) -> list[str]:
    """Return what the standard would not take; an empty list is a file that a bank takes."""
    return list(_faults(ET.fromstring(content)))


def _faults(element: ET.Element) -> list[str]:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if name == element.tag:
        return [f"{name} is of another namespace"]
    children = [child.tag.rpartition("}")[2] for child in element]
    if name in TEXTS and not children:
        return [] if re.fullmatch(TEXTS[name], element.text or "") else [f"{name} says {element.text!r}"]
    if name not in CHILDREN:
        return [f"{name} is not known"]
    found = [] if any(_fits(choice, children) for choice in CHILDREN[name].split("|")) else [f"{name}: {children}"]
    return [*found, *(fault for child in element for fault in _faults(child))]


def _fits(model: str, children: list[str]) -> bool:
    parts = (part.rstrip("!*") for part in model.split())
    signs = (part.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") for part in model.split())
    times = {"": "?", "!": "", "*": "*", "!*": "+"}
    pattern = "".join(f"(?:{name} ){times[sign]}" for name, sign in zip(parts, signs, strict=True))
    return bool(re.fullmatch(pattern, "".join(f"{child} " for child in children)))
