"""Whatever stands in `[import]` and in the files it names, the answer is findings with texts."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from import_worlds import PLAN, opened
from quotum.adapters.printing.issue_texts import TEXTS, describe

MAPPING = """
[import.units]
from = "regions.csv"
where = { No = { not = "9" } }
tree = [{ value = "World" }, "Country", { column = "Region", key = "T{No}" }]
[import.people]
from = "staff.csv"
[[import.people.join]]
from = "links.csv"
by = "Id"
many = true
[import.people.columns]
person = "Id"
name = "{Id} {links.Region}"
unit = { column = "T{Region}", lowest = "units" }
[import.customers]
from = "orders.csv"
latest = ["Day", "Net"]
through = 2026-12-01
[import.customers.columns]
customer = "Client"
class = { column = "Client", values = { C1 = "A" }, otherwise = "B" }
[import.sales]
from = ["orders.csv", "orders.csv"]
[import.sales.columns]
date = "Day"
customer = ["Client", "Rep"]
amount = { column = "Net", scale = 1000 }
[import.proposals]
from = "wide.csv"
wide = { columns = "M{month}", year = "Year", fiscal = true }
[import.proposals.columns]
person = "Rep"
measure = { value = "revenue" }
layer = { value = "commit" }
"""
FILES = {
    "regions.csv": "No,Region,Country\n1,N,France\n2,S,France\n4,M,Spain\n", "staff.csv": "Id\na\nb\nc\n",
    "links.csv": "Id,Region\na,1\nb,1\nb,2\nc,2\nc,4\n", "wide.csv": "Rep,Year,M01,M02\na,2027,1,-\nb,2027,2,3\n",
    "orders.csv": 'Day,Client,Net,Rep\n2026-05-01,C1,10,a\n2026-05-02,C2,20.5,b\n31/12/2026,C2,"1,234.5",c\n',
}  # fmt: skip
WORDS = ['""', "1", "-1", "true", "[]", "{}", '["a", "b"]', "{ value = 1 }", '{ column = "Net" }', "2026-01-01", '"{"',
         '"{}"', '"{Nope}"', '"Day"', '"Client"', "nan", "1e400", "[[1]]", '"M{month}"', '"../x"', '"*"', '"[x]"',
         '"orders.csv"', "{ since = 1 }", '{ column = "{Client}{Rep}", lowest = "areas" }',
         "99999999999999999999"]  # fmt: skip
SNIPPETS = [b'"', b",", b"\n", b"\0", b"\xff", b"=", b"%", b"(", b";", b"\xff\xfe", b"9" * 40, b"nan", b"1.234", b""]
LINES = [place for place, line in enumerate(MAPPING.splitlines()) if " = " in line]


@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(WORDS)), max_size=3),
       st.lists(st.tuples(st.sampled_from(sorted(FILES)), st.integers(0, 200), st.sampled_from(SNIPPETS)), max_size=3),
       st.booleans())  # fmt: skip
@settings(max_examples=60)
def test_odd_settings_and_files_give_findings_with_texts(tmp_path_factory, settings, snippets, summed):
    lines = MAPPING.splitlines()
    for place, word in settings:
        lines[place] = re.sub(r"= .*", lambda _, word=word: f"= {word}", lines[place], count=1)
    files = {name: bytearray(text.encode()) for name, text in FILES.items()}
    for name, place, snippet in snippets:
        start = place % (len(files[name]) + 1)
        files[name][start : start + 1] = snippet
    plan = PLAN.replace("1000", '{ sum = "Net", from = "orders.csv", date = "Day" }') if summed else PLAN
    written = {name: bytes(text) for name, text in files.items()}
    company = opened(tmp_path_factory.mktemp("odd"), "\n".join(lines), written, plan=plan)
    assert {issue.rule for issue in company.issues} <= TEXTS.keys()
    assert all(describe(issue)[1] for issue in company.issues)
