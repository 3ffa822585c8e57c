# Every target does its own set-up; the first run of each takes a minute or two.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
export MANYI_DATA ?= $(CURDIR)/data

.PHONY: run test check bars soak acceptance lock clean

run: .venv/run.stamp  ## first use: environment, database, a demo company; then serves it
	@$(BIN)/manyi demo --if-empty
	@$(BIN)/manyi serve

test: .venv/dev.stamp browser  ## the whole suite, on SQLite and then on PostgreSQL; browsers have the machine for themselves
	$(BIN)/python -m pytest -m "not slow and not browser" -n 2 --dist loadfile
	$(BIN)/python -m pytest -m "browser and not slow"
	MANYI_TEST_DB=postgres $(BIN)/python -m pytest -m "not browser and not slow" -n 2 --dist loadfile tests/base tests/web tests/flow tests/access

check: .venv/dev.stamp  ## lint, types, import contracts, migrations, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -m "not slow" tests/architecture

bars: .venv/dev.stamp  ## reliability bars in CI size
	$(BIN)/python -m bars

soak: .venv/dev.stamp .venv/spark.stamp  ## the same bars at full size, and the long property tests
	$(BIN)/python -m bars --full
	$(BIN)/python -m pytest -m slow

acceptance: .venv/dev.stamp  ## the table of acceptance items and the tests that prove them
	$(BIN)/python -m tests.acceptance

.PHONY: messages
messages: .venv/dev.stamp  ## brings the Chinese catalogue up to date with the pages and compiles it (needs gettext)
	cd src/manyi && ../../$(BIN)/django-admin makemessages -l zh_Hans --no-location --no-wrap --no-obsolete
	cd src/manyi && ../../$(BIN)/django-admin compilemessages -l zh_Hans

.PHONY: browser
browser:
	@sh tools/browser.sh

.venv/pip.stamp:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: .venv/pip.stamp requirements/run.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.venv/spark.stamp: .venv/dev.stamp requirements/spark.txt
	$(PIP) --require-hashes -r requirements/spark.txt
	@touch $@

lock:  ## writes requirements/*.txt anew from the ranges in pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group build --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements/run.txt
	uv pip compile pyproject.toml --group build --group dev --extra engines -c requirements/run.txt --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements/dev.txt

clean:
	rm -rf .venv data .pytest_cache .mypy_cache .ruff_cache .hypothesis staticfiles
