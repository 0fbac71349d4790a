package conformance

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// parallel is how many tests run at once, unless -parallel says otherwise: nearly
// all of them wait for a network rather than for a core.
const parallel = 8

var (
	executable string  // the server, as built
	house      *server // serves all tests that need nothing special of a server
)

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(parallel)) // it is a number
	}
	os.Exit(run(m))
}

// run builds the server, starts the house and runs the tests. A house that does not
// stop cleanly, as after a race, fails them all.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return complain(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	executable = filepath.Join(dir, "rostrum")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", append(append([]string{"build"}, buildFlags...), "-o", executable, "rostrum/cmd/rostrum")...)
	if said, err := build.CombinedOutput(); err != nil {
		return complain(fmt.Errorf("build the server: %w\n%s", err, said))
	}
	settings := filepath.Join(dir, "rostrum.yaml")
	if err := os.WriteFile(settings, []byte(houseSettings), 0o600); err != nil {
		return complain(err)
	}
	if house, err = start("--config", settings); err != nil {
		return complain(err)
	}
	code := m.Run()
	if err := house.stop(); err != nil {
		return complain(err)
	}
	return code
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// Tokens of every server that the tests start: an administrator's, and those of the
// house's subjects.
const (
	adminToken   = "token-of-an-administrator"
	studioToken  = "token-of-the-studio"
	rivalToken   = "token-of-a-rival"
	viewerToken  = "token-of-a-viewer"
	unknownToken = "token-of-nobody-here"
)

const houseSettings = `
auth:
  tokens:
    - {token: ` + studioToken + `, subject: studio, actions: [publish, play], rooms: ["*"]}
    - {token: ` + rivalToken + `, subject: rival, actions: [publish, play], rooms: ["*"]}
    - {token: ` + viewerToken + `, subject: viewer, actions: [play], rooms: ["*"]}
limits: {publish: "off", play: "off", sessions: "off"}
`
