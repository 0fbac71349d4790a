package bench

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Machine is where the figures are from, and from which code.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
	Date   string `json:"date"`
	Commit string `json:"commit,omitempty"` // of bench, and so of a server that it starts
}

// thisMachine leaves empty what can't be found out.
func thisMachine() Machine {
	model, count := processor()
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return Machine{
		CPU: model, Cores: count, Kernel: runtime.GOOS + " " + strings.TrimSpace(string(kernel)),
		Go: runtime.Version(), Date: time.Now().UTC().Format(time.DateOnly), Commit: commit(),
	}
}

// processor returns its model, and how many cores the machine has, also those that bench may not use.
func processor() (model string, count int) {
	model = runtime.GOARCH
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return model, runtime.NumCPU()
	}
	for line := range strings.Lines(string(text)) {
		switch name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) {
		case "processor":
			count++
		case "model name":
			model = strings.TrimSpace(value)
		}
	}
	return model, max(count, 1)
}

func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	const short = 12
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(short, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " and changes"
		}
	}
	if revision == "" {
		return ""
	}
	return revision + changed
}

// String is one line.
func (m Machine) String() string {
	plural := "s"
	if m.Cores == 1 {
		plural = ""
	}
	line := strings.Join([]string{m.CPU, strconv.Itoa(m.Cores) + " core" + plural, m.Kernel, m.Go, m.Date}, ", ")
	if m.Commit != "" {
		line += ", commit " + m.Commit
	}
	return line
}
