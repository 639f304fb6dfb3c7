# Two commands to know: `make run` and `make test`. `make help` lists all.

SHELL := /bin/bash
VENV := .venv
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --no-color --retries 2 install --progress-bar off -c constraints.txt
LOG := $(VENV)/install.log
comma := ,

# A line for each package while pip works. All that it says stands in the log; where it fails, the reason is one line.
# pip compiles what it installs, but not what it leaves where it is: ours.
define install
	@: > $(LOG); set -o pipefail; \
	$(PIP) $(1) 2>&1 | while IFS= read -r line; do \
	    echo "$$line" >> $(LOG); \
	    case $$line in Collecting\ *) name=$${line#Collecting }; echo "  $${name%%[^A-Za-z0-9._-]*}";; esac; \
	done || { \
	    if grep -qE 'ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|name resolution|Network is unreachable' $(LOG); then \
	        echo "The package index cannot be reached: the first time, this needs the network ($(LOG) has the details)." >&2; \
	    elif missing=$$(sed -n 's/.*No matching distribution found for //p' $(LOG) | head -1) && [ "$$missing" ]; then \
	        echo "The package index has no $$missing for this Python ($(LOG) has the details)." >&2; \
	    else \
	        echo "The packages could not be installed: $$(grep -i error $(LOG) | tail -1) ($(LOG) has the details)." >&2; \
	    fi; exit 1; }
	@$(VENV)/bin/python -m compileall -q src
	@touch $@
endef

.DEFAULT_GOAL := help
.PHONY: run test test-all fuzz sim check bench docs clean help

run: $(INSTALLED)  ## read the sources of config.toml, publish feeds/, serve them until Ctrl-C; PORT=8080: there
	@trap : INT; $(VENV)/bin/syndicate run $(if $(PORT),--port $(PORT)); status=$$?; [ $$status = 130 ] || exit $$status

test: $(INSTALLED_DEV) $(VENV)/.s3  ## run the tests, the laws and the hostile suite at a small size
	@$(VENV)/bin/python -m pytest -n auto

test-all: $(INSTALLED_DEV) $(VENV)/.s3  ## run every test at its whole size (pytest --large)
	@$(VENV)/bin/python -m pytest -n auto --large

fuzz: $(INSTALLED_DEV) $(VENV)/.s3  ## as test-all, with other examples of each law than the last time
	@$(VENV)/bin/python -m pytest -n auto --large --by-chance

sim: $(INSTALLED_DEV)  ## the program on a virtual clock: SEED=7, or SEEDS=100 FROM=1 WITHIN=900; DAYS=30 (docs/simulation.md)
	@PYTHONPATH=tests $(VENV)/bin/python -m simulation --days $(or $(DAYS),30) --jobs $(or $(JOBS),0) \
	    $(if $(WITHIN),--within $(WITHIN)) $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),10) --from $(or $(FROM),1))

check: $(INSTALLED_DEV)  ## lint, format, types, layers, documentation
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy --strict
	$(VENV)/bin/python -m pytest tests/test_layers.py tests/test_docs.py tests/test_constraints.py

bench: $(INSTALLED_DEV) $(VENV)/.peers  ## what it costs, beside peers: ten minutes on an idle machine, into benchmarks/RESULTS.md
	@$(VENV)/bin/python -m benchmarks --write

docs: $(INSTALLED)  ## packaging/syndicate.1, the manual page, from the help of the commands
	@$(VENV)/bin/python packaging/manual.py

clean:  ## remove the installation and the caches; feeds/ and the store stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

# What others need, apart from what we run with. Without them there is less to compare with, and no less to measure.
$(VENV)/.peers: $(INSTALLED_DEV)
	@$(PIP) --quiet --target $(VENV)/peers reader sgmllib3k fastfeedparser >> $(LOG) 2>&1 \
	    || echo "The peers could not be installed ($(LOG) has the details): measured without them." >&2
	@touch $@

# A server that speaks S3, for the tests of publishing to a bucket: apart from ours, whose versions it does not share.
$(VENV)/.s3: | $(INSTALLED_DEV)
	@echo "Installing an S3 server for the tests …"
	@$(VENV)/bin/python -m venv $(VENV)/s3 && $(VENV)/s3/bin/python -m pip --disable-pip-version-check --quiet \
	    install 'moto[s3,server]==5.2.5' >> $(LOG) 2>&1 \
	    || echo "The S3 server could not be installed ($(LOG) has the details): its tests are skipped." >&2
	@touch $@

$(VENV)/bin/python:
	@for python in python3.13 python3.12 python3.11 python3 python; do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    if ! $$python -c 'import venv, ensurepip' 2>/dev/null; then \
	        package=$$($$python -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	        echo "$$python has no venv. On Debian or Ubuntu: apt install $$package" >&2; exit 1; \
	    fi; \
	    exec $$python -m venv $(VENV); \
	done; \
	echo "No Python 3.11 or later was found. On Debian or Ubuntu: apt install python3 python3-venv" >&2; exit 1

$(INSTALLED): pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing syndicate into $(VENV) …"
	$(call install,-e .)

$(INSTALLED_DEV): pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing syndicate and what its tests need into $(VENV) …"
	$(call install,-e '.[cluster$(comma)dev]')
	@touch $(INSTALLED)
