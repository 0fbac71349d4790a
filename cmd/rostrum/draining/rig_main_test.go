package draining

import (
	"testing"

	"go.uber.org/goleak"

	"rostrum/cmd/rostrum/rig"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(rig.Tests{M: m, Parallel: 4}) }
