# `make demo` runs the main job, `make serve` opens the same in the browser, `make test` passes the tests.
# Each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo serve pages test quick setup lint bench clean

demo: .venv/.ready
	@rm -rf demo
	@$(BIN)/quotum sample demo/company --size small
	@$(BIN)/quotum plan demo/company --out demo/plan
	@$(BIN)/quotum show demo/plan --by unit,person --grain quarter
	@echo "Company: demo/company    Plan: demo/plan    Workbook: demo/plan/plan.xlsx"
	@echo "Next:    .venv/bin/quotum explain demo/plan --person <a person above>"
	@echo "         .venv/bin/quotum plan-visits demo/company --out demo/january --until 2027-02-01"

serve: .venv/.ready-serve pages
	@$(BIN)/quotum serve --demo

setup: .venv/.ready

test: .venv/.ready-dev pages
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2
	$(BIN)/python tests/web/postgres_server.py $(BIN)/python -m pytest -n 2 tests/web -m "not browser" \
		--ignore tests/web/test_backup.py

# The quick subset for every day, about a minute: the engine without files, pages and stories.
quick: .venv/.ready-dev
	$(BIN)/python -m pytest -n 2 -m "not slow" $(addprefix tests/,basics calendars decomposition slices tables printing \
		crossing hedge measures test_import_contract.py)

# Scripts and messages of the pages, where they are older than their sources.
pages: .venv/.ready-serve
	@$(BIN)/python scripts/build_assets.py
	@$(BIN)/python scripts/messages.py compile

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.ready-bench
	$(BIN)/python -m benchmarks

.venv/.ready: pyproject.toml constraints.txt scripts/setup.sh
	@PYTHON="$(PYTHON)" sh scripts/setup.sh run

.venv/.ready-serve: .venv/.ready
	@PYTHON="$(PYTHON)" sh scripts/setup.sh serve

.venv/.ready-dev: .venv/.ready-serve
	@PYTHON="$(PYTHON)" sh scripts/setup.sh dev

.venv/.ready-bench: .venv/.ready
	@PYTHON="$(PYTHON)" sh scripts/setup.sh bench

clean:
	rm -rf .venv demo build dist
