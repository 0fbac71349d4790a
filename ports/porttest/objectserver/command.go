package objectserver

import (
	"os/exec"
	"testing"
)

// GCSCommand returns a run of fake-gcs-server with arguments of the caller's own, for tests
// of how others run it. Whoever starts it has to end it.
func GCSCommand(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(binary(t, gcs.tool), args...) //nolint:noctx // the tool of tests, and its caller ends it
	cmd.Env = environment()
	return cmd
}
