package recording

import (
	"os"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Tests{M: m, Parallel: 6}.Run()) }
