package pion_test

import (
	"os"
	"strconv"
	"strings"
)

// kernel tells what the kernel has dropped of what was sent to sockets of this machine whose
// readers were busy.
type kernel struct {
	before int
	known  bool
}

// watchKernel begins to count.
func watchKernel() kernel {
	before, known := overflows()
	return kernel{before, known}
}

// dropped returns how many datagrams that was since then, to whomever; where the system does
// not tell, it may be as many as are named.
func (k kernel) dropped(most int) int {
	now, known := overflows()
	if !k.known || !known {
		return most
	}
	return now - k.before
}

// overflows returns what Linux counts since it started (RFC 4113, and what it has beside it).
func overflows() (datagrams int, known bool) {
	text, err := os.ReadFile("/proc/net/snmp")
	if err != nil {
		return 0, false
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != "Udp:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, name := range names {
			if name != "RcvbufErrors" || i >= len(fields) {
				continue
			}
			datagrams, err = strconv.Atoi(fields[i])
			return datagrams, err == nil
		}
	}
	return 0, false
}
