"""Every rule has a text, and findings print plainly."""

import ast
import importlib
import io
import json
import re
from pathlib import Path

from quotum.adapters.printing.issue_texts import TEXTS, describe
from quotum.adapters.printing.print_issues import count_issues, issues_as_json, print_issues
from quotum.engine.basics.issues import Issue

SOURCE = Path(__file__).parents[2] / "src"
RULE_ARGUMENTS = {"refuse": 0, "add": 0, "finding": 2, "findings": 2, "_conflict": 3, "_unknown": 0, "tell_unknown": 0,
                  "issue": 0, "_issue": 0, "_note": 0}


def named_rules() -> dict[str, str]:
    """Return every rule that the source names, and a file that names it."""
    rules = {}
    for path in SOURCE.rglob("*.py"):
        if "pages" in path.parts:  # pages add other things than findings
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for value in _rules_of(node):
                for text in ast.walk(value):
                    if (
                        isinstance(text, ast.Constant)
                        and isinstance(text.value, str)
                        and re.fullmatch("[a-z_]+", text.value)
                    ):
                        rules[text.value] = path.name
    return rules


def _rules_of(node: ast.AST) -> list[ast.expr]:
    """Return the expressions that say a rule: ``rule=…``, ``rule = …``, the rule argument of the usual helpers."""
    if isinstance(node, ast.keyword) and node.arg == "rule":
        return [] if isinstance(node.value, (ast.Name, ast.Subscript)) else [node.value]
    if isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id == "rule" for name in node.targets):
        either = [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
        return [value for value in either if isinstance(value, ast.Constant)]
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = RULE_ARGUMENTS.get(name, 99)
        if len(node.args) > place and isinstance(node.args[place], ast.Constant):
            return [node.args[place]]
    return []


def test_every_rule_in_the_source_has_a_text():
    found = named_rules()
    assert len(found) > 60
    assert {rule: file for rule, file in found.items() if rule not in TEXTS} == {}


def test_texts_say_what_and_what_to_do():
    assert [rule for rule, (message, remedy) in TEXTS.items() if not message or not remedy] == []


def test_no_two_catalogues_have_a_text_for_the_same_rule():
    found = {}
    for path in (SOURCE / "quotum" / "adapters" / "printing").glob("*_texts.py"):
        module = importlib.import_module(f"quotum.adapters.printing.{path.stem}")
        if path.stem == "issue_texts":  # all of them together
            continue
        for name, texts in vars(module).items():
            if name.endswith("_TEXTS") and isinstance(texts, dict):
                assert not found.keys() & texts.keys(), path.name
                found |= texts


def test_blanks_are_filled_and_empty_parts_left_out():
    issue = Issue(
        rule="orphan_key",
        table="sales",
        column="customer",
        value="C9",
        details=(("target", "customers"), ("rows", "3")),
    )
    assert describe(issue)[0] == "`C9` is not in customers (rows: 3)."
    near = Issue(rule="orphan_key", value="C9", details=(("target", "customers"), ("nearest", "C8")))
    assert describe(near)[0] == "`C9` is not in customers. Did you mean C8?"


def test_a_rule_without_a_text_is_still_readable():
    assert describe(Issue(rule="brand_new", details=(("total", "5"),))) == ("brand new (total 5)", "")


def test_values_with_braces_do_no_harm():
    assert describe(Issue(rule="not_a_number", value="{file} [x]"))[0] == "`{file} [x]` is no number."


def test_printing_groups_by_severity_and_says_where():
    issues = [
        Issue(rule="returns_kept", severity="note", table="sales"),
        *(
            Issue(rule="not_a_number", file="sales.csv", line=k, column="amount", value="x\x1b[31m\n")
            for k in range(2, 30)
        ),
    ]
    out = io.StringIO()
    print_issues(issues, out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "28 errors"
    assert lines[1].startswith("  sales.csv:2 amount  `x·[31m␊`")
    assert "  … and 8 more of this kind" in lines
    assert "1 note" in lines


def test_json_has_texts_and_details():
    read = json.loads(
        issues_as_json([Issue(rule="key_twice", value="C1", line=4, details=(("rows", "2"), ("lines", "3, 4")))])
    )
    assert (read[0]["rule"], read[0]["line"], read[0]["details"]["lines"]) == ("key_twice", 4, "3, 4")
    assert read[0]["message"] == "`C1` is given 2 times: lines 3, 4."


def test_counts_include_what_is_not_listed():
    assert count_issues([Issue(rule="x", more=4), Issue(rule="y", severity="note")]) == "5 errors, 1 note"
    assert count_issues([]) == "no findings"
