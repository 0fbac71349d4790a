package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// report is what `rostrum doctor --json` prints.
type report struct {
	Status Status    `json:"status"` // the worst of them
	Checks []Finding `json:"checks"`
}

// writeJSON prints findings for programs.
func writeJSON(out io.Writer, findings []Finding) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(report{worst(findings), findings})
}

// writeText prints findings for people: a line each, and below it what to do.
func writeText(out io.Writer, findings []Finding) error {
	width := 0
	for _, f := range findings {
		width = max(width, len(f.Check))
	}
	var text strings.Builder
	for _, f := range findings {
		mark := string(f.Status)
		if f.Status == Fail {
			mark = "FAIL"
		}
		fmt.Fprintf(&text, "%-4s  %-*s  %s\n", mark, width, f.Check, indented(f.Seen, width+8))
		if f.Fix != "" {
			fmt.Fprintf(&text, "      %*s  %s\n", width, "", indented("Fix: "+f.Fix, width+8))
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// indented puts the lines of a text that has several below each other.
func indented(text string, by int) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+strings.Repeat(" ", by))
}
