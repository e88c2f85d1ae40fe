# The tasks of the project. Each runs by hand too: the commands are short on purpose.

# list the tasks
default:
    @just --list --unsorted

# run the tests
test *args:
    pytest {{args}}

# run every check and report all that fail, not only the first
check:
    #!/usr/bin/env bash
    set -uo pipefail
    failed=()
    try() { echo "== $*"; "$@" || failed+=("$*"); }
    try ruff check .
    try ruff format --check .
    try mypy
    try virker bank validate
    try virker check --format summary
    try virker check --self-test
    try pytest
    if [ ${#failed[@]} -gt 0 ]; then printf 'failed: %s\n' "${failed[@]}"; exit 1; fi
    echo "all well"

# build the notes and the claim report into build/
note:
    virker build

# read and validate every file of the bank
bank:
    virker bank validate

# write the generated parts of the documents anew
docs:
    python -m tests.docs.test_docs

# measure speed; nothing is asserted
bench *args:
    python benchmarks/run.py {{args}}

# take away what can be made again
clean:
    rm -rf build dist .virker .pytest_cache .ruff_cache .mypy_cache .hypothesis
    find . -name __pycache__ -type d -prune -exec rm -rf {} +
