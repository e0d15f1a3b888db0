# Every command of a developer and of CI; `make` alone lists them.
#
# A machine needs make and Python 3.11 or newer. On Debian and Ubuntu the rest (the venv package,
# chromium for the browser tests) is installed on the way; elsewhere a message says what is missing.
# To choose the Python: make PYTHON=python3.12 ...

PYTHON := python3 python3.13 python3.12 python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
LOCKS := locks/site.txt locks/dev.txt locks/audit.txt locks/fuzz.txt
NPM := $(BIN)/npm ci --prefix tests/audit --loglevel error >/dev/null
# Who is done takes of what the others have still to do: tests of one file share what they build.
TOGETHER := -n auto --maxprocesses 8 --dist worksteal
PYTEST := $(BIN)/python -m pytest $(TOGETHER)
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
PYTHONS := python3.11 python3.12 python3.13 python3.14
ENDS := lowest-direct highest

# Tests start Python hundreds of times; where this is set, each start would compile hnsite anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help site test quick lint format golden bench audit trust fuzz screenshots versions lock advisories clean chromium zimcheck peers java

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1 \2/p' Makefile | \
	while read -r name text; do printf 'make %-11s %s\n' "$$name" "$$text"; done

site: .venv/installed ## build the sample site from content/ into public/
	@$(BIN)/hnsite build
	@echo "The site is in public/: open public/index.html, or run $(BIN)/hnsite serve"

test: lint chromium zimcheck .venv/nginx .venv/html-validate ## run every check and every test, as CI does
	@$(MAKE) --no-print-directory versions PYTHONS=$(BIN)/python ENDS=lowest-direct TESTS="$(FEW)"
	@$(PYTEST)

# With the oldest dependencies, those tests that most depend on them.
FEW := $(addprefix tests/test_,markup.py golden.py tables.py theme.py unpack.py)

quick: .venv/installed-dev ## run the fast tests only, without a browser
	@$(PYTEST) -m "not slow and not browser"

lint: .venv/installed-dev ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: .venv/installed-dev ## rewrite the code in the project's style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

golden: .venv/installed-dev ## rewrite the expected files of the tests; read the diff afterwards
	@$(PYTEST) -m "not browser" --update-golden

bench: .venv/installed-dev peers ## measure speed and memory; SIZE=small, DATA=folder, ONLY="full cores"
	@$(BIN)/python -m tests.bench $(if $(SIZE),--size $(SIZE)) $(if $(DATA),--data "$(DATA)") $(ONLY)

audit: chromium java .venv/checkers ## check pages of every kind in every theme, and advisories; ARGS="--only axe --data folder"
	@cd tests && ../$(BIN)/python -m audit $(ARGS)
	@$(MAKE) --no-print-directory advisories

advisories: .venv/installed-dev ## ask whether a dependency, as locked or as old as allowed, has a known vulnerability
	@$(call installed,audit)
	@mkdir -p .cache/versions
	@$(UV) pip compile -q pyproject.toml --resolution lowest-direct -o .cache/versions/oldest.txt
	@cd tests && ../$(BIN)/python -m audit.advisories ../.cache/versions/oldest.txt $(addprefix ../,$(LOCKS))

# An environment for each Python and each end; TESTS are all fast ones, where nobody chooses.
versions: .venv/installed-dev ## test with the oldest and newest dependencies; PYTHONS=python3.12 ENDS=highest TESTS=...
	@mkdir -p .cache/versions; status=0; \
	for python in $(PYTHONS); do for end in $(ENDS); do \
	  if ! $$python -c '' 2>/dev/null; then echo "$$python is not here: not tried with $$end"; continue; fi; \
	  echo "$$($$python --version), dependencies: $$end"; \
	  env=.cache/versions/$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])')-$$end; \
	  $(UV) venv -q --clear --python $$python $$env && \
	  $(UV) pip compile -q pyproject.toml --extra dev --resolution $$end --python $$env/bin/python -o $$env/all.txt && \
	  $(UV) pip install -q --python $$env/bin/python -r $$env/all.txt && \
	  $(UV) pip install -q --python $$env/bin/python --no-deps -e . && \
	  $$env/bin/python -m pytest -q $(TOGETHER) -m "not slow and not browser" $(TESTS) || status=1; \
	done; done; exit $$status

# hatchling and editables make the editable package; without them there pip would fetch what nobody locked.
lock: .venv/installed-dev ## choose the newest allowed versions of all dependencies for CI and developers
	@$(call locked,site)
	@$(call locked,dev,--extra dev -c locks/site.txt)
	@$(call locked,audit,--extra audit -c locks/dev.txt)
	@$(call locked,fuzz,--extra fuzz -c locks/dev.txt)

locked = printf 'hatchling\neditables\n' | $(UV) pip compile -q pyproject.toml - $(2) --upgrade --universal \
  --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" -o locks/$(1).txt
installed = $(PIP) --require-hashes -r locks/$(1).txt && $(PIP) --no-deps --no-build-isolation -e .

trust: chromium ## try the promises of docs/reliability.md and count; ONLY=kills, ARGS="--count 1000"
	@cd tests && ../$(BIN)/python -m trust $(ARGS) $(ONLY)

fuzz: .venv/installed-dev ## look for bytes that break what reads dumps; ONLY=reddit, SECONDS=600 (each target)
	@$(call installed,fuzz)
	@cd tests && PYTHONUNBUFFERED=1 ../$(BIN)/python -m fuzz $(if $(SECONDS),--seconds $(SECONDS)) $(ONLY) 2>/dev/null

screenshots: chromium ## make the pictures in docs/screenshots/ again
	@cd tests && ../$(BIN)/python -m audit.screenshots

clean: ## remove .venv, public and every cache
	@rm -rf .venv .cache public build dist *.egg-info .*.hnsite
	@rm -rf tests/audit/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# Playwright brings a Node.js that needs libatomic, which a bare Debian 12 lacks.
chromium: .venv/installed-dev
	@need="chromium fonts-dejavu-core"; \
	for name in chromium google-chrome chromium-browser; do \
	  if command -v $$name >/dev/null; then need=; fi; \
	done; \
	if ! $(BIN)/python -m playwright --version >/dev/null 2>&1; then need="$$need libatomic1"; fi; \
	if [ -n "$$need" ]; then $(call apt,$$need); fi

# Debian's nginx, unpacked and not installed, because an installed one would listen on port 80 at once. Its tests
# are left out without it.
.venv/nginx: .venv/installed-dev
	@if [ "$$(id -u)" = 0 ]; then apt-get -qq update >/dev/null 2>&1; fi; \
	mkdir -p .venv/packages && cd .venv/packages && \
	if apt-get -qq download nginx libnginx-mod-http-brotli-static 2>/dev/null; then \
	  for package in *.deb; do dpkg -x $$package ../nginx; done; touch ../nginx; \
	else echo "nginx could not be had: its tests are left out" >&2; fi

# Kiwix's checker; without it its test is left out.
zimcheck:
	@if ! command -v zimcheck >/dev/null; then ($(call apt,zim-tools)) || true; fi

# What the benchmark compares with; without one of them, its part is said to be not measured.
peers:
	@need=; for name in hugo mhonarc; do command -v $$name >/dev/null || need="$$need $$name"; done; \
	if [ -n "$$need" ]; then ($(call apt,$$need)) || true; fi

# What validates HTML beside html-validate.
java:
	@if ! command -v java >/dev/null; then $(call apt,default-jre-headless); fi

# The checkers from npm; Node.js comes from PyPI. Tests need html-validate only, a small part, and are left
# out without it.
.venv/html-validate: .venv/installed-dev tests/audit/package-lock.json
	@echo "Installing html-validate into tests/audit/node_modules"
	@if $(call installed,audit) && $(NPM) --omit=optional; then touch $@; \
	else echo "html-validate could not be installed: its tests are left out" >&2; fi

.venv/checkers: .venv/installed-dev tests/audit/package-lock.json
	@echo "Installing the checkers into tests/audit/node_modules"
	@$(call installed,audit)
	@$(NPM)
	@touch .venv/html-validate $@

# The package is installed as an editable one, so that .venv runs the code and the themes of this tree
# and only these two files can make it stale.
.venv/installed: $(BIN)/python pyproject.toml locks/site.txt
	@echo "Installing hnsite into .venv"
	@$(call installed,site)
	@touch $@

.venv/installed-dev: $(BIN)/python pyproject.toml locks/dev.txt
	@echo "Installing hnsite and its developer tools into .venv"
	@$(call installed,dev)
	@touch .venv/installed $@

# An environment that was cut short, or that came along when the tree was copied or moved, is made again:
# it would run the code of the place where it was made.
ifneq ($(shell cat .venv/made-in 2>/dev/null),$(CURDIR))
.PHONY: $(BIN)/python
endif

$(BIN)/python:
	@rm -rf .venv
	@for python in $(PYTHON); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "hnsite needs Python 3.11 or newer, and none of these is one: $(PYTHON)" >&2; \
	  echo "Please install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  package=$$($$found -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	  $(call apt,$$package); \
	fi && \
	$$found -m venv .venv
	@pwd -P > .venv/made-in

# $(call apt,PACKAGES) installs them, or says who can. It is silent unless it fails. The update may fail:
# a third party's broken package source need not matter.
apt = \
  if ! command -v apt-get >/dev/null; then \
    echo "Please install $(1) (there is no apt-get here), then run make again" >&2; exit 1; \
  elif [ "$$(id -u)" = 0 ]; then root=; \
  elif command -v sudo >/dev/null; then root=sudo; \
  else echo "Please run as root: apt-get install $(1)" >&2; exit 1; fi; \
  echo "Installing with apt-get: $(1)"; \
  $$root apt-get -qq update >/dev/null 2>&1; \
  said=$$($$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends $(1) 2>&1) || { echo "$$said" >&2; exit 1; }
