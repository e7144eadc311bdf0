"""Foreign files lie in the company folder or in --data, and nowhere else."""

import pytest

from import_worlds import SALES, errors, opened

ORDERS = "Day,Client,Net\n2026-05-01,C1,10\n"


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "secret.csv").write_text(ORDERS)
    return tmp_path / "secret.csv"


@pytest.mark.parametrize(
    "path", ["../secret.csv", "sub/../../secret.csv", "{secret}", "link.csv", "sub/link.csv", "*nk.csv"]
)
def test_paths_that_lead_out_are_refused(tmp_path, secret, path):
    folder = tmp_path / "company"
    (folder / "sub").mkdir(parents=True)
    for link in (folder / "link.csv", folder / "sub" / "link.csv"):
        link.symlink_to(secret)
    company = opened(folder, SALES.replace("orders.csv", path.format(secret=secret)), {})
    assert "import_outside" in {error[0] for error in errors(company)}
    assert company.company["sales"].height == 0


def test_a_folder_that_is_a_link_is_refused(tmp_path, secret):
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "sub").symlink_to(tmp_path, target_is_directory=True)
    company = opened(folder, SALES.replace("orders.csv", "sub/secret.csv"), {})
    assert "import_outside" in {error[0] for error in errors(company)}


def test_data_is_a_second_folder_and_holds_no_tables_of_its_own(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "orders.csv").write_text(ORDERS)
    (data / "customers.csv").write_text("nonsense\n1\n")
    company = opened(tmp_path / "company", SALES, {}, data=data)
    assert errors(company) == []
    assert company.company["sales"].height == 1
    assert company.foreign == {"orders.csv": data / "orders.csv"}
    inside = opened(tmp_path / "company", SALES.replace("orders.csv", str(data / "orders.csv")), {}, data=data)
    assert inside.company["sales"].height == 1


def test_the_companys_own_file_wins_over_one_of_data(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "orders.csv").write_text(ORDERS + "2026-05-01,C1,10\n")
    assert opened(tmp_path / "company", SALES, {"orders.csv": ORDERS}, data=data).company["sales"].height == 1


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path):
    company = opened(tmp_path, SALES, {"order.csv": ORDERS})
    found = [issue for issue in company.issues if issue.rule == "import_file_missing"]
    assert [(issue.file, dict(issue.details)["nearest"]) for issue in found] == [("orders.csv", "order.csv")]
