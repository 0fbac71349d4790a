package doctor

import (
	"context"
	"fmt"
)

// leastFiles is how many connections a server should be able to have: each request that
// waits, and each viewer by TCP, is one.
const leastFiles = 4096

// openFiles looks how many connections there may be.
func openFiles(context.Context) Result { return examineFiles(fileLimit()) }

func examineFiles(limit uint64, known bool) Result {
	switch {
	case !known:
		return ok("this system does not tell how many there may be")
	case limit < leastFiles:
		return warn(fmt.Sprintf("%d may be open, and each HTTP connection and each viewer by TCP is one", limit), "LimitNOFILE=65536 in the systemd unit, --ulimit nofile=65536 for Docker, or ulimit -n 65536 in the shell.")
	}
	return ok("%d may be open", limit)
}
