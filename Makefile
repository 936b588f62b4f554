# Everything lands in .venv; nothing outside this folder changes. `make` alone lists what can be done.

VENV := .venv
PEERS := .venv-peers
BIN := $(VENV)/bin
PYTHONS := python3.13 python3.12 python3.11 python3
CORES := $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# One process more than cores, as tests wait for one another; two with the longest, which wait most.
PROCESSES := $(shell expr $(CORES) + $(if $(filter yes,$(ALL)),2,1))
APPROVED := $(wildcard tests/*/test_*_approved*.py) tests/unit/test_core_figures.py
PYTEST := pytest --numprocesses $(PROCESSES) --dist worksteal $(if $(filter yes,$(ALL)),--thorough,--quick)
# Programs start by the hundred in the tests: compiled once, even where the machine's settings would not keep that.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
LOCK := $(BIN)/uv pip compile --no-config --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --quiet --custom-compile-command 'make lock'

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test lint audit check costs profiles pictures approve crawl bench weather deliveries soak mutants schema lock clean

help: ## say what can be done
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

install: $(VENV)/installed ## put Gangway and all it needs into .venv
	@:

run: install ## start Gangway
	@exec $(BIN)/gangway run

test: $(VENV)/installed-dev ## run the tests but the longest (all: make test ALL=yes; with branch coverage: COVERAGE=yes)
ifeq ($(COVERAGE),yes)
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m $(PYTEST)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report
else
	@$(BIN)/python -m $(PYTEST)
endif

lint: $(VENV)/installed-dev ## check formatting, lint, types and layers
	@echo 'Formatting: ruff format'
	@$(BIN)/ruff format --check --quiet --diff .
	@echo 'Lint: ruff check'
	@$(BIN)/ruff check --quiet .
	@echo 'Types: mypy'
	@$(BIN)/mypy --no-error-summary
	@echo 'Layers: import-linter'
	@$(BIN)/lint-imports --no-logo

audit: $(VENV)/installed-dev ## look known vulnerabilities of the dependencies up (CI does, too)
	@$(BIN)/python .ci/audit.py

check: lint ## run all tests with branch coverage, after formatting, lint, types and layers
	@$(MAKE) --no-print-directory test ALL=yes COVERAGE=yes

costs: $(VENV)/installed-dev ## count statements and transactions of the most frequent steps, and measure their CPU time
	@$(BIN)/python -m benchmarks.costs

profiles: $(VENV)/installed-dev ## draw flame graphs of the most frequent steps (docs/pictures/profiles)
	@$(BIN)/python -m benchmarks.profiles

pictures: $(VENV)/installed-dev ## take the pictures of docs/way.md anew (needs Chromium)
	@GANGWAY_PICTURES=docs/pictures/way $(BIN)/pytest -q tests/e2e/test_chat_way.py

approve: $(VENV)/installed-dev ## write the approved texts anew (tests/approved); git diff then shows what has changed
	@$(BIN)/python -m pytest -q --approve -m "not deep" $(APPROVED)

crawl: $(VENV)/installed-dev ## tap every kind of button as each role in each language, in a large account (minutes)
	@$(BIN)/python -m benchmarks.crawl

bench: $(VENV)/installed-dev $(PEERS)/installed ## compare the cost of a sign-up with that of others, in turns
	@$(BIN)/python -m benchmarks.peers --python $(PEERS)/bin/python

weather: $(VENV)/installed-dev ## try what docs/reliability.md lists, in hours (one: make weather ONLY=kill DATABASE=sqlite)
	@$(BIN)/python -m benchmarks.weather --only '$(ONLY)' --database '$(DATABASE)'

deliveries: $(VENV)/installed-dev ## kill processes that send a thousand digests, reminders and e-mails, and count what arrives
	@$(BIN)/python -m benchmarks.deliveries --database '$(DATABASE)'

soak: $(VENV)/installed-dev ## let people work for ten minutes, and see whether memory, files, threads or queues grow
	@$(BIN)/python -m benchmarks.weather --only soak --database '$(DATABASE)'

mutants: $(VENV)/installed-dev ## change rules and use cases, 300 times at random, and list what no test notices (others: SEED=2)
	@$(BIN)/python -m benchmarks.mutants --seed '$(or $(SEED),1)' --only '$(ONLY)'

schema: $(VENV)/installed-dev ## write core/storage/newest anew, which makes new databases, after a new migration
	@$(BIN)/python -m tests.support.schema_text

lock: $(VENV)/installed-dev ## write requirements*.txt anew from pyproject.toml (newest versions: make lock FLAGS=--upgrade)
	@$(LOCK) $(FLAGS) pyproject.toml --group build --output-file requirements.txt
	@$(LOCK) $(FLAGS) pyproject.toml --group build --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean: ## remove .venv and everything that tools leave behind; data/ stays
	@rm -rf $(VENV) $(PEERS) build *.egg-info .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis .mutants \
		.import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/installed: requirements.txt pyproject.toml $(VENV)/pyvenv.cfg
	@echo 'Installing Gangway into $(VENV)'
	@$(PIP) install --no-deps --require-hashes --requirement requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo 'Installing the tools for tests and checks into $(VENV)'
	@$(PIP) install --no-deps --require-hashes --requirement requirements-dev.txt
	@touch $@

$(PEERS)/installed: benchmarks/peers/requirements.txt $(VENV)/installed-dev
	@echo 'Installing what Gangway is compared with into $(PEERS)'
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(PEERS)
	@VIRTUAL_ENV=$(PEERS) $(BIN)/uv pip install --quiet --requirement benchmarks/peers/requirements.txt
	@touch $@

$(VENV)/pyvenv.cfg:
	@for python in $(PYTHONS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || { bare=$$python; continue; }; \
		exec $$python -m venv --clear $(VENV); \
	done; \
	if [ "$$bare" ]; then echo "$$bare cannot make virtual environments: on Debian, apt-get install python3-venv." >&2; \
	else echo 'Gangway needs Python 3.11 or newer, and none is on PATH.' >&2; fi; \
	exit 1
