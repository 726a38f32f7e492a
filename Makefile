# flowglow: every verb calls what it needs first.
PORT ?= 8000
BACKEND ?= portal
PYTHON ?= python3
PY := .venv/bin/python
# without byte code a process that collects the unit tests spends eight seconds more on it, each time
export PYTHONDONTWRITEBYTECODE :=
# processes side by side, a file to each, in the order of the files; a Chromium fills two processors by itself, while
# unit tests also wait
SIDE_BY_SIDE := --dist loadfile --no-loadscope-reorder
# tests of servers, and those that make thousands of runs up: to count lines of the page there takes as long as the tests
UNCOUNTED := tests/flowglow tests/devserver tests/setup tests/schedules tests/test_schedules.py tests/test_picture.py tests/test_faults.py

# bench and setup are folders too
.PHONY: help setup setup-tests dist run test unit controls controls-page e2e e2e-dist compat lint soak soak-page leaks peers bench scale profile pictures lock clean

help: ## what can be made
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: ## everything the page and its dev server need
	@$(PYTHON) -m setup page

setup-tests: ## the same, and what the tests need
	@$(PYTHON) -m setup page tests

dist: ## build what a portal deploys, in dist/, and a wheel of it, in wheel/
	@$(PYTHON) -m setup page dist

run: setup ## serve the page and run flows (PORT=8000, BACKEND=portal, agno or ag-ui)
	@exec $(PY) -m devserver --port $(PORT) --backend $(BACKEND)

test: lint unit controls e2e ## every check and every test

unit: setup-tests ## unit tests, those of the page with branch coverage
	@$(PY) -m pytest tests --ignore tests/controls $(addprefix --ignore ,$(UNCOUNTED)) -n 3 $(SIDE_BY_SIDE) --cov --cov-report=term
	@$(PY) -m pytest $(UNCOUNTED) -n 4 $(SIDE_BY_SIDE)

controls: setup-tests ## each guard against a fault taken out: its test must go red
	@$(PY) -m pytest tests/controls -n 2 $(SIDE_BY_SIDE)

controls-page: setup-tests ## the same for guards that only a browser can show; takes minutes, as red tests wait
	@$(PY) -m tests.controls

e2e: setup-tests ## the page in real Chromium
	@$(PY) -m pytest e2e -m "not compat" -n 2 $(SIDE_BY_SIDE)

e2e-dist: setup-tests ## the same suite against what a portal deploys
	@FLOWGLOW_SITE=dist $(PY) -m pytest e2e -m "not compat" -n 2 $(SIDE_BY_SIDE)

compat: setup-tests ## what takes long to set up: the wheel in an empty environment, other frameworks, nginx, WebKit
	@$(PY) -m setup engines
	@$(PY) -m pytest compat
	@$(PY) -m pytest e2e -m compat

lint: setup-tests ## ruff, mypy, import-linter
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

soak: setup-tests ## ten thousand schedules of faults, new ones each time
	@FLOWGLOW_PROFILE=soak $(PY) -m pytest tests/test_schedules.py --hypothesis-show-statistics

soak-page: setup-tests ## random flows and faults in real Chromium, over real sockets, new ones each time
	@$(PY) -m e2e.soak_page

leaks: setup-tests ## 500 runs, 60,000 events: what grows; writes the table of docs/reliability.md
	@$(PY) -m bench.leaks

peers: setup-tests ## the same faults for this page and other clients; writes the table of docs/reliability.md
	@$(PY) -m bench.peers

bench: setup-tests ## speed beside React and bare JavaScript; writes docs/performance.md (ONLY=life,boot: these figures)
	@$(PY) -m bench $(ONLY)

scale: setup-tests ## many watchers, two relays, Redis and nginx on this machine, and what fails; writes the tables of docs/scaling.md
	@$(PY) -m bench.scale $(foreach name,ONLY WATCHERS RUNS RATE SECONDS PROCESSES SOCKETS,$(if $($(name)),$(name)=$($(name))))

profile: setup-tests ## where a frame and an event go: Chromium's trace by name, Python by function
	@$(PY) -m bench.profile

pictures: setup-tests ## the pictures of docs/, taken of the real page
	@$(PY) -m bench.pictures

lock: setup-tests ## pin the newest versions that pyproject.toml allows
	@$(PY) -m setup lock

clean: ## remove everything that setup made
	rm -rf .venv dist wheel web/vendor web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
