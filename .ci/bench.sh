#!/bin/sh
# Measures this machine and writes what it finds into the pages in docs/, between the two
# lines that say so: "media" into docs/performance.md, "database" into docs/database.md,
# or both. RUNS=5 DURATION=10s are how often and how long media is measured; ROOMS=100000
# SESSIONS=1000000 are what the databases are filled with, BENCHTIME=1s how long each kind
# of call is made.
set -eu

result=$(mktemp)
trap 'rm -f "$result" "$result".*' EXIT

commit() { git describe --always --dirty --exclude '*'; }

media() {
	runs=${RUNS:-5}
	duration=${DURATION:-10s}
	echo
	echo "Commit $(commit). Medians of $runs runs of $duration, with the least and the most."
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
}

# table makes a row of each kind of call, with a column for each adapter; a median of
# 10 ms or more is bold.
table() {
	awk '
	/^cpu:/ { sub(/^cpu: */, ""); cpu = $0 }
	/^pkg:/ { pkg = $2; sub(/.*\//, "", pkg) }
	/^BenchmarkKept\// {
		split($1, part, "/")
		name = part[2]; gsub("_", " ", name)
		crowd = part[3]; sub(/-[0-9]+$/, "", crowd); sub(/.*=/, "", crowd)
		for (i = 3; i < NF; i += 2) value[name, crowd, pkg, $(i + 1)] = $i
		if (!(name in seen)) { seen[name]; order[++count] = name }
	}
	function ms(name, crowd, pkg, what,   v, form) {
		if (!((name, crowd, pkg, what) in value)) return "-"
		v = value[name, crowd, pkg, what]
		form = v < 10 ? "%.2f" : what ~ /p50/ ? "**%.0f**" : "%.0f"
		return sprintf(form, v)
	}
	function both(name, crowd, pkg) { return ms(name, crowd, pkg, "p50-ms") " | " ms(name, crowd, pkg, "p99-ms") " | " }
	END {
		print "Processor: " cpu ".\n"
		print "| ms a call | rows | SQLite p50 | p99 | 4 at once p50 | p99 | PostgreSQL p50 | p99 | 4 at once p50 | p99 |"
		print "|---|---|---|---|---|---|---|---|---|---|"
		for (i = 1; i <= count; i++) {
			name = order[i]
			printf "| %s | %.0f | %s%s%s%s\n", name, value[name, 1, "sqlite", "rows/op"],
				both(name, 1, "sqlite"), both(name, 4, "sqlite"), both(name, 1, "postgres"), both(name, 4, "postgres")
		}
	}' "$1" | sed 's/ $//'
}

database() {
	export ROSTRUM_BENCH_ROOMS="${ROOMS:-100000}" ROSTRUM_BENCH_SESSIONS="${SESSIONS:-1000000}" ROSTRUM_BENCH_REPORT="$result.plans"
	go test -run '^$' -bench Kept -benchtime ${BENCHTIME:-1s} -timeout 3h -p 1 ./adapters/sqlite ./adapters/postgres >"$result.figures" || {
		cat "$result.figures" >&2
		return 1
	}
	echo
	echo "Commit $(commit), $(date -u +%Y-%m-%d), $(go env GOVERSION) on $(uname -s) $(uname -m), $(getconf _NPROCESSORS_ONLN) processors," \
		"$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo 2>/dev/null || echo unknown) of memory." \
		"$ROSTRUM_BENCH_ROOMS rooms, $ROSTRUM_BENCH_SESSIONS sessions, pages of 50 rows."
	table "$result.figures"
	cat "$result.plans"
	echo
}

# insert puts the result into a page.
insert() {
	awk -v result="$result" '
		/^<!-- measured: begin/ { print; while ((getline line < result) > 0) print line; skip = 1 }
		/^<!-- measured: end/   { skip = 0 }
		!skip
	' "$1" >"$result.page"
	cat "$result.page" >"$1"
}

for part in ${*:-media database}; do
	case $part in
	media)    media >"$result"; insert docs/performance.md ;;
	database) database >"$result"; insert docs/database.md ;;
	*)        echo "bench.sh: there is nothing named $part to measure; say media or database" >&2; exit 2 ;;
	esac
done
