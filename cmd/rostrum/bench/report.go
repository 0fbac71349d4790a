package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
)

// JSON writes everything.
func (r *Report) JSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Table writes the figures for people: those of the one run, or median, least and most of several.
func (r *Report) Table(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintf(out, "%s\n%s\n\n", r.Setup, r.Machine); err != nil {
		return err
	}
	if len(r.Runs) > 1 {
		_, _ = fmt.Fprintf(table, "median of %d runs\t\t\tleast\tmost\n", len(r.Runs)) // Flush tells
	}
	for _, f := range figures {
		values := f.values(r.Runs)
		if len(values) == 0 {
			continue
		}
		line := f.name + "\t" + f.text(median(values)) + "\t" + f.unit
		if len(values) > 1 {
			line += "\t" + f.text(values[0]) + "\t" + f.text(values[len(values)-1])
		}
		_, _ = fmt.Fprintln(table, line)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, warning := range r.warnings() {
		if _, err := fmt.Fprintf(out, "\n%s", warning); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}

// columns are the figures of a Markdown row, by key.
var columns = []struct{ head, key string }{
	{"subscribers", "subscribers"}, {"loss %", "loss_percent"}, {"CPU µs a packet", "server_us_per_packet"},
	{"p50 ms", "latency_p50_ms"}, {"p99 ms", "latency_p99_ms"}, {"p99.9 ms", "latency_p999_ms"}, {"max ms", "latency_max_ms"},
	{"server CPU %", "server_cpu_percent"}, {"KiB a subscriber", "memory_kib_per_subscriber"},
	{"first video p50 ms", "first_video_p50_ms"}, {"first video p99 ms", "first_video_p99_ms"},
}

// Markdown writes one row with its head: medians, and the spread behind where there are several runs.
func (r *Report) Markdown(out io.Writer) error {
	var head, rule, row strings.Builder
	for _, c := range columns {
		head.WriteString("| " + c.head + " ")
		rule.WriteString("|---")
		row.WriteString("| " + r.cell(c.key) + " ")
	}
	_, err := fmt.Fprintf(out, "%s\n%s\n\n%s|\n%s|\n%s|\n", r.Setup, r.Machine, &head, &rule, &row)
	return err
}

func (r *Report) cell(key string) string {
	f := figures[slices.IndexFunc(figures, func(f figure) bool { return f.key == key })]
	values := f.values(r.Runs)
	if len(values) == 0 {
		return "-"
	}
	text := f.text(median(values))
	if least, most := f.text(values[0]), f.text(values[len(values)-1]); least != most {
		text += " (" + least + " to " + most + ")"
	}
	return text
}

// warnings say what makes the figures doubtful, and what to do about it.
func (r *Report) warnings() []string {
	var lines []string
	for i, run := range r.Runs {
		say := func(format string, values ...any) {
			lines = append(lines, fmt.Sprintf("run %d: ", i+1)+fmt.Sprintf(format, values...))
		}
		if n := run.Packets.DroppedHere; n > 0 {
			say("bench itself dropped %d packets, which stand in the loss: give it more cores, or raise net.core.rmem_max", n)
		}
		if n := run.Packets.Unreadable; n > 0 {
			say("%d packets of the probes did not decrypt or were not bench's: does somebody else publish there?", n)
		}
		if run.Blind > 0 {
			say("%d subscribers had no picture before it began", run.Blind)
		}
		for _, status := range slices.Sorted(maps.Keys(run.Refusals)) {
			say("the server refused %d times by %d, and let in later: %s", run.Refusals[status], status, reason(status))
		}
	}
	return lines
}

func reason(status int) string {
	switch status {
	case http.StatusTooManyRequests:
		return "its limits; start it with --limits.play off"
	case http.StatusServiceUnavailable:
		return "it was full"
	default:
		return http.StatusText(status)
	}
}

// String is one line.
func (s Setup) String() string {
	server := s.Server
	switch {
	case server == "own" && s.Cores == 1:
		server = "its own server on 1 core"
	case server == "own":
		server = fmt.Sprintf("its own server on %d cores", s.Cores)
	}
	media := fmt.Sprintf("%s %d kbit/s, %d pictures a second, Opus", strings.ToUpper(s.Codec), s.Bitrate, s.FPS)
	if s.Idle {
		media = "no media"
	}
	if s.Search {
		media += ", the most subscribers that hold"
	}
	return fmt.Sprintf("rostrum bench of %s: %s", server, media)
}
