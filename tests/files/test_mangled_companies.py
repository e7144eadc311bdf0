"""Whatever happens to the files of a company, the answer is findings with texts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from company_files import SOUND, write_company
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.printing.issue_texts import TEXTS, describe

SNIPPETS = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"nan", b"1e308", b"all", b"C1", b"-", b"=", b"[", b"\xef\xbb\xbf", b""]
)


@given(
    st.sampled_from(sorted(SOUND)),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 5), SNIPPETS), min_size=1, max_size=4),
)
@settings(max_examples=150)
def test_mangled_files_give_findings_with_texts(tmp_path_factory, name, cuts):
    content = SOUND[name].encode()
    for place, length, snippet in cuts:
        start = place % (len(content) + 1)
        content = content[:start] + snippet + content[start + length :]
    opened = open_company(write_company(tmp_path_factory.mktemp("company"), {name: content}))
    assert {issue.rule for issue in opened.issues} <= TEXTS.keys()
    assert all("{" not in part.replace(issue.value, "") for issue in opened.issues for part in describe(issue))
