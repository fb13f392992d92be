# Two commands on a fresh machine with Python 3.11 or later: `make run` and `make test`.
# All paths are relative, so that the folder can have any name.

.DEFAULT_GOAL := help
.PHONY: help run test test-fast html bench faults operate-check check fix requirements upgrade licences sbom debian-packages

# With it set, each process would compile everything again when it starts.
unexport PYTHONDONTWRITEBYTECODE

# 3.12 and 3.11 first, because the package index has a Redis for them.
PYTHONS := $(PYTHON) python3.12 python3.11 python3 python3.13 python3.14 python
BIN := .venv/bin/python -m
# The lists are complete, so pip need not resolve dependencies. Python compiles modules when they are first imported.
INSTALL := $(BIN) pip install -qq --root-user-action=ignore --disable-pip-version-check --require-hashes --no-deps --no-compile
# Without the machine's own configuration of pip, so that no local wheel's hash can stand in for the index's. Renovate reads
# the command in the header of each list, and knows only these options.
COMPILE := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null $(BIN) piptools compile --quiet \
	--allow-unsafe --generate-hashes --no-emit-index-url --strip-extras
# With CLOCK="2026-12-31 23:30" the tests run as if they began at that time in London.
AT := $(if $(CLOCK),tests/support/run_at "$(CLOCK)")
# Test files run in the order that tests/support/scheduling.py gives them.
PYTEST := $(AT) $(BIN) pytest --numprocesses=auto --dist=loadscope --no-loadscope-reorder
DJANGOFMT := .venv/bin/djangofmt
TEMPLATES := templates walkandtalk/lib/govuk/templates
NU := frontend/node_modules/vnu-jar/build/dist/vnu.jar

help:
	@echo "make run            start everything on this machine (PORT=8000 chooses the port)"
	@echo "make test           run every test (ARGS=\"tests/outbox -q\" for some of them, CLOCK=\"2026-12-31 23:30\" at another time)"
	@echo "make test-fast      the same, without browser tests and tests of the whole stack"
	@echo "make html           check every page with the Nu validator (needs Java, and npm once)"
	@echo "make bench          measure what a request for a walk costs: CPU, bytes, memory, queries (SIZE=1000000 bookings, CONCERNS=200000)"
	@echo "make faults         check our promises while processes are killed and servers fail (RUNS=\"kills smtp\" for some)"
	@echo "make operate-check  try a frozen database, a restore, a release and more (SUBJECTS=\"restore release\" for some)"
	@echo "make check          all checks before a commit: format, types, imports, then the tests"
	@echo "make fix            format the code and fix what ruff can fix"
	@echo "make requirements   pin what is new in requirements*.in, with hashes, and leave the other versions as they are"
	@echo "make upgrade        the same, with the latest version of each package"
	@echo "make licences       list the licences of packages, vendored files and data, and fail on one that isn't accepted"
	@echo "make sbom           write the software bill of materials to var/sbom.json (CycloneDX)"

run: .venv/local
	@exec $(BIN) devtools.stack --with-parent

test: .venv/dev debian-packages
	$(PYTEST) $(ARGS)

test-fast: .venv/dev
	$(PYTEST) -m "not browser and not stack" $(ARGS)

html: .venv/dev $(NU)
	$(BIN) pytest -q tests/nu_validator.py

$(NU): frontend/package-lock.json
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

bench: .venv/dev
	@$(BIN) tests.bench

faults: .venv/dev
	@$(BIN) tests.faults $(RUNS)

operate-check: .venv/dev debian-packages
	@$(BIN) tests.operate $(SUBJECTS)

# tests/test_project.py finds missing migrations and templates that do not compile.
check: .venv/dev
	$(BIN) ruff check .
	$(BIN) ruff format --check .
	$(DJANGOFMT) check $(TEMPLATES)
	$(DJANGOFMT) --check $(TEMPLATES)
	$(BIN) mypy
	.venv/bin/python manage.py check_migrations
	.venv/bin/python -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(MAKE) --no-print-directory test

fix: .venv/dev
	$(BIN) ruff check --fix .
	$(BIN) ruff format .
	$(DJANGOFMT) check --fix $(TEMPLATES)
	$(DJANGOFMT) $(TEMPLATES)

requirements: .venv/dev
	$(COMPILE) --output-file=requirements.txt requirements.in
	$(COMPILE) --output-file=requirements-local.txt requirements-local.in
	$(COMPILE) --output-file=requirements-dev.txt requirements-dev.in

upgrade: COMPILE += --upgrade
upgrade: requirements

licences: .venv/dev
	@$(BIN) devtools.supply_chain licences

sbom: .venv/dev
	@$(BIN) devtools.supply_chain sbom

# An installation that was interrupted can leave half a package, which pip would take for a whole one: begin again.
ifneq ($(wildcard .venv/installing),)
.PHONY: .venv/created
endif
INTERRUPTIBLE := rm -f .venv/local .venv/dev; touch .venv/installing

.venv/created:
	@for python in $(PYTHONS); do \
		if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making .venv with $$("$$python" --version) …"; \
			"$$python" -m venv --clear .venv && touch $@ && exit 0 || exit 1; \
		fi; \
	done; \
	echo "No Python 3.11 or later with its venv module was found (tried: $(PYTHONS))."; \
	echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make run PYTHON=/path/to/python3"; \
	exit 1

# Packages are installed only if the list has changed, so the second run needs no network.
.venv/local: requirements-local.txt | .venv/created
	@echo "Installing the packages to run it …"
	@$(INTERRUPTIBLE)
	@$(INSTALL) -r requirements-local.txt
	@rm -f .venv/installing; touch $@

.venv/dev: requirements-dev.txt | .venv/created
	@echo "Installing the packages to test it …"
	@$(INTERRUPTIBLE)
	@$(INSTALL) -r requirements-dev.txt
	@rm -f .venv/installing; touch $@

# tests/support/debian_packages.py names the packages.
debian-packages: .venv/dev
	@missing=$$($(BIN) tests.support.debian_packages); [ -z "$$missing" ] || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing for the tests: $$missing …" \
		&& apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing >/dev/null; \
	} || echo "Some tests need $$missing. Install them (sudo apt-get install $$missing), or leave them out: make test-fast"
