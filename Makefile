.PHONY: demo test unit lint slow bench kill up down

# The two commands of a new user. DATA=folder plays real recordings instead of the storm day.
demo:
	@infra/run/bootstrap.sh core && .venv/bin/phusa demo $(if $(DATA),--data $(DATA))
# Two processes each, a file to one of them, in the order of tests/conftest.py: half of the time is waiting for servers.
SHARED = -n 2 --dist loadfile --no-loadscope-reorder
test: lint
	@.venv/bin/python -m pytest $(SHARED) --cov --cov-report= -m "not integration"
	@.venv/bin/python -m tests.branches
	@.venv/bin/python -m pytest $(SHARED) -m "integration and not slow_machine"

lint:
	@infra/run/bootstrap.sh dev && .venv/bin/ruff format -q --check . && .venv/bin/ruff check -q --no-cache . && .venv/bin/mypy
unit: lint
	@.venv/bin/python -m pytest $(SHARED) -m "not integration"
# The day on one core beside a full load, against the day on a free machine: a quarter of an hour, or two.
slow:
	@infra/run/bootstrap.sh dev && .venv/bin/python -m pytest -m slow_machine tests/stories/test_slow_machine.py
bench:
	@infra/run/bootstrap.sh core && .venv/bin/phusa bench
kill:
	@infra/run/bootstrap.sh core && .venv/bin/phusa kill
up down:
	@infra/run/bootstrap.sh core && .venv/bin/phusa $@
