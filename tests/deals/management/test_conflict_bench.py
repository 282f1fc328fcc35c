import json
from contextlib import nullcontext

import pytest
from django.core.management import call_command

from prm.operations import scratch

REGISTRY = """id,name,country,state,city,postcode,address,phone,website,reg_no,source
A1,Veldhaven Maritime Systems GmbH,DE,,Bremen,28195,,,https://www.veldhaven.example,HRB 40711,test
A2,Orlinda Fund II LP,US,,Austin,,,,,,test
A3,Kestrel Bakery,DE,,Kiel,,,,,,test
"""
QUESTIONS = [
    {"qid": "1", "kind": "typo", "name": "Veldhavne Maritime Systems", "country": "DE", "match_ids": ["A1"]},
    {"qid": "2", "kind": "numbered", "name": "Orlinda Fund III LP", "country": "US", "related_ids": ["A2"]},
    {"qid": "3", "kind": "easy", "name": "Marlow Shipyard", "country": "GB", "city": "Hull"},
]


@pytest.fixture
def files(tmp_path):
    registry, questions = tmp_path / "registry.csv", tmp_path / "questions.jsonl"
    registry.write_text(REGISTRY, encoding="utf-8")
    questions.write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return {"registry": registry, "queries": questions}


def test_a_registry_is_loaded_asked_and_measured(committed, files, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(scratch, "database", nullcontext)

    call_command("conflict_bench", **files, answers=tmp_path / "answers.jsonl", json=True)

    report = json.loads(capsys.readouterr().out)
    assert (report["companies"], report["questions"]) == (3, 3)
    assert (report["recall@1"], report["f1"], report["false_alarm"], report["related_shown"]) == (1, 1, 0, 1)
    answers = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text().splitlines()]
    assert answers[0]["hits"][0][0] == "A1"
    assert [answer["qid"] for answer in answers] == ["1", "2", "3"]
