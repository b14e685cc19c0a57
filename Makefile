# Onward's tasks. Needs Python 3.11 or later, its venv module and make; everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes --no-build-isolation --use-pep517
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: install run test check bench soak lock

# Each stamp says which lock file the environment was last made from, so a second run asks no network.
install: $(VENV)/.installed

run: install
	@exec $(BIN)/onward serve --demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m tests

# What the tests hold about the code itself, alone: layers, lint, format, types.
check: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/test_house_rules.py

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

# What `make test` does in short, long: 1,000 webhooks, eight publishers with a reader, a hundred kills.
soak: $(VENV)/.installed-dev
	ONWARD_TEST_SOAK=1000 ONWARD_TEST_PUBLICATIONS=100 ONWARD_TEST_KILLS=100 $(BIN)/python -m pytest -q \
		tests/registry/test_soak.py tests/registry/test_cursor.py tests/registry/test_kills.py

lock: $(VENV)/.installed-dev
	$(LOCK) --group pyproject.toml:build --output-file requirements-build.txt
	$(LOCK) pyproject.toml --constraint requirements-build.txt --output-file requirements.txt
	$(LOCK) pyproject.toml --group pyproject.toml:dev \
		--constraint requirements-build.txt --constraint requirements.txt --output-file requirements-dev.txt

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Onward needs Python 3.11 or later; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.installed: requirements-build.txt requirements.txt pyproject.toml $(VENV)/.made
	$(INSTALL) --requirement requirements-build.txt
	$(INSTALL) --requirement requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(INSTALL) --requirement requirements-dev.txt
	@touch $@
