#!/bin/sh
# Measures this machine and writes what it finds into docs/performance.md, between the
# two lines that say so. RUNS=5 DURATION=10s are how often and how long.
set -eu

page=docs/performance.md
runs=${RUNS:-5}
duration=${DURATION:-10s}
result=$(mktemp)
trap 'rm -f "$result" "$page.new"' EXIT

{
	echo
	echo "Commit $(git rev-parse --short HEAD). Medians of $runs runs of $duration, with the least and the most."
	echo
	bin/rostrum bench --runs "$runs" --duration "$duration" -n 10 --markdown
	for n in 100 400 800; do
		bin/rostrum bench --runs "$runs" --duration "$duration" -n $n --markdown | grep '^| [0-9]'
	done
	echo
	echo "Connected, and nothing is published:"
	echo
	bin/rostrum bench --runs "$runs" --duration "$duration" -n 100 --idle --markdown
	echo
	echo "The most that one core holds (\`rostrum bench --max\`):"
	echo
	bin/rostrum bench --max -n 800 --markdown
	echo
	echo "The packet path alone (\`go test -bench\`), bursts of packets of 1,200 bytes:"
	echo
	echo '```'
	go test -run '^$' -bench . -benchmem -count "$runs" ./adapters/pion/fanout ./adapters/pion/egress ./adapters/pion/socket |
		grep '^Benchmark\|^cpu\|^pkg'
	echo '```'
	echo
} >"$result"

awk -v result="$result" '
	/^<!-- measured: begin/ { print; while ((getline line < result) > 0) print line; skip = 1 }
	/^<!-- measured: end/   { skip = 0 }
	!skip
' "$page" >"$page.new"
mv "$page.new" "$page"
