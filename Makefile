# Everything a person does with this project. `make` alone lists it.
# Kept to what GNU make 3.81 understands, which is the one macOS has.

PYTHON := $(shell for python in "$$PYTHON" python3.13 python3.12 python3.11 python3; do \
	command -v "$$python" >/dev/null 2>&1 && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# A file stays in one process: what its tests share takes long to make.
PYTEST_FLAGS ?= -n 2 --dist loadfile --no-loadscope-reorder

# Some machines forbid Python to keep what it compiled; each of the many programs that tests start would compile all again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run start test check checks format lint types layers migrations settings fix messages doctor \
	installed developed

help:
	@echo "make run        start the portal with everything it needs, on this machine"
	@echo "make test       run the tests"
	@echo "make check      what CI runs: format, lint, types, imports, migrations, settings, tests"
	@echo "make fix        repair format and lint"
	@echo "make messages   collect texts for translation"
	@echo "make doctor     say what is missing on this machine, and the command that mends it"

run start: installed
	@exec $(MANAGE) up

test: developed
	@$(BIN)/python -m prm.operations.pango
	@CHROMIUM="$$($(BIN)/python -m prm.operations.chromium)" exec $(BIN)/python -m pytest $(PYTEST_FLAGS)

check: checks test

# Each is a target of its own, so that `make -k checks` reports all that is wrong at once.
checks: format lint types layers migrations settings

format: developed
	$(BIN)/ruff format --check .

lint: developed
	$(BIN)/ruff check .

types: developed
	$(BIN)/mypy

layers: developed
	$(BIN)/lint-imports

migrations: developed
	$(MANAGE) makemigrations --check --dry-run

# As in production; settings of this machine must not make up for what is missing.
settings: developed
	env -u DATABASE_URL HTTPS=on DEBUG=off SITE_URL=https://portal.example.com ALLOWED_HOSTS=portal.example.com \
		SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(MANAGE) check --deploy --fail-level WARNING

fix: developed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: developed
	$(MANAGE) translations collect

doctor: installed
	@$(MANAGE) doctor

installed:
	@$(if $(PYTHON),,echo "Python 3.11 or newer is needed. On Debian: sudo apt-get install python3 python3-venv"; exit 1;) \
		"$(PYTHON)" requirements/install.py run

developed:
	@$(if $(PYTHON),,echo "Python 3.11 or newer is needed. On Debian: sudo apt-get install python3 python3-venv"; exit 1;) \
		"$(PYTHON)" requirements/install.py dev
