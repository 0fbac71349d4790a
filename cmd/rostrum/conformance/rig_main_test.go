package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Tests{M: housed{m}, Parallel: 8}.Run()) }

// house serves all tests that need nothing special of a server.
var house *server

// housed starts the house for the tests. A house that does not stop cleanly, as after a
// race, fails them all.
type housed struct{ tests *testing.M }

// Run returns the exit code.
func (h housed) Run() int {
	settings := filepath.Join(rig.Folder(), "rostrum.yaml")
	err := os.WriteFile(settings, []byte(houseSettings), 0o600)
	if err == nil {
		house, err = start("--config", settings)
	}
	if err != nil {
		return complain(err)
	}
	code := h.tests.Run()
	if err := house.Stop(); err != nil {
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
