package transport_test

import (
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/srtp/v3"
	"go.uber.org/goleak"

	"rostrum/adapters/pion/transport"
	"rostrum/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// await waits until a condition holds.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// near is a connection under test and what it tells.
type near struct {
	*testing.T
	conn  *transport.Conn
	close func() // closes conn, once

	mu       sync.Mutex
	events   []string // in their order
	paths    []transport.Path
	profile  srtp.ProtectionProfile
	keys     srtp.SessionKeys
	received [][]byte
}

func (n *near) Connected(profile srtp.ProtectionProfile, keys srtp.SessionKeys) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events, n.profile, n.keys = append(n.events, "connected"), profile, keys
}

func (n *near) Moved(path transport.Path) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events, n.paths = append(n.events, "moved"), append(n.paths, path)
}

func (n *near) Ended(reason domain.EndReason) { n.note(string(reason)) }

func (n *near) Receive(packet []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.received = append(n.received, slices.Clone(packet))
}

func (n *near) Received() {}

func (n *near) note(event string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, event)
}

// told returns the events so far.
func (n *near) told() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.events)
}

// awaitEvent waits until an event has been told.
func (n *near) awaitEvent(event string) {
	n.Helper()
	await(n.T, "it tells "+event, func() bool { return slices.Contains(n.told(), event) })
}

// path returns the last path that was told.
func (n *near) path() transport.Path {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.paths) == 0 {
		return transport.Path{}
	}
	return n.paths[len(n.paths)-1]
}

// listen opens a network on loopback, with TCP.
func listen(t *testing.T, change ...func(*transport.Config)) *transport.Network {
	t.Helper()
	config := transport.Config{UDPAddr: "127.0.0.1:0", TCPAddr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&config)
	}
	network, err := transport.Listen(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := network.Close(); err != nil {
			t.Error(err)
		}
	})
	return network
}

// open opens a connection. It is closed with the test.
func open(t *testing.T, network *transport.Network) *near {
	t.Helper()
	n := &near{T: t}
	conn, err := network.Open(n, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	n.conn, n.close = conn, sync.OnceFunc(conn.Close)
	t.Cleanup(n.close)
	return n
}

// gather returns this side of ICE.
func (n *near) gather() transport.Local {
	n.Helper()
	local, err := n.conn.Gather(n.Context())
	if err != nil {
		n.Fatal(err)
	}
	return local
}

func (n *near) start(r transport.Remote) {
	n.Helper()
	if err := n.conn.Start(r); err != nil {
		n.Fatal(err)
	}
}
