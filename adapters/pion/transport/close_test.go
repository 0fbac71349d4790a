package transport_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"go.uber.org/goleak"

	"rostrum/adapters/pion/transport"
)

var overUDP = []ice.NetworkType{ice.NetworkTypeUDP4}

// A connection may be closed whenever one likes: nothing of it goes on, and nothing
// is told of it any more.
func TestCloseInEveryPhase(t *testing.T) {
	network := listen(t)
	for name, reach := range map[string]func(*near, *far){
		"before anything": func(*near, *far) {},
		"gathered":        func(n *near, _ *far) { n.gather() },
		"while ICE checks": func(n *near, f *far) {
			n.gather()
			n.start(f.remote())
		},
		"with nobody to check": func(n *near, _ *far) {
			n.gather()
			n.start(transport.Remote{Ufrag: "none", Pwd: "none0none0none0none0none", Active: true})
		},
		"before the handshake": func(n *near, f *far) {
			local := n.gather()
			n.start(f.remote())
			f.meet(local)
			await(n.T, "ICE is done", func() bool { return n.conn.Report().DTLS == "connecting" })
		},
		"in mid-handshake": func(n *near, f *far) {
			local := n.gather()
			r := f.remote()
			r.Active = false
			n.start(r)
			f.meet(local)
			awaitHello(f)
		},
		"connected": func(n *near, f *far) { connect(n, f, true) },
		"its peer is gone": func(n *near, f *far) {
			connect(n, f, true)
			_ = f.agent.GracefulClose()
		},
		"after restarts that were given up": func(n *near, f *far) {
			connect(n, f, true)
			gone, cancel := context.WithCancel(n.Context())
			cancel()
			for range 4 {
				_, err := n.conn.Restart(gone, "next", "next0next0next0next0next")
				if err != nil && !errors.Is(err, context.Canceled) {
					n.Errorf("restart: %v", err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFar(t, overUDP)
			existing := goleak.IgnoreCurrent()
			n := open(t, network)
			reach(n, f)
			before := n.told()
			closed := make(chan struct{})
			go func() { defer close(closed); n.close() }()
			await(t, "it is closed", func() bool {
				select {
				case <-closed:
					return true
				default:
					return false
				}
			})
			if !n.conn.IsOver() {
				t.Error("it is closed, and not over")
			}
			n.conn.Tell(func() { t.Error("an event was told after Close") })
			if after := n.told(); !slices.Equal(before, after) {
				t.Errorf("it told %q before Close and %q with it", before, after)
			}
			f.close()
			goleak.VerifyNone(t, existing)
		})
	}
}

// connect connects both sides.
func connect(n *near, f *far, peerBegins bool) *dtls.Conn {
	n.Helper()
	local := n.gather()
	r := f.remote()
	r.Active = peerBegins
	n.start(r)
	f.meet(local)
	secured, err := f.shake(peerBegins)
	if err != nil {
		n.Fatalf("DTLS: %v", err)
	}
	n.awaitEvent("connected")
	return secured
}

// awaitHello waits for the first packet of a handshake.
func awaitHello(f *far) {
	f.Helper()
	const handshake = 22
	b := make([]byte, 1500)
	for {
		count, err := f.conn.Read(b)
		if err != nil {
			f.Fatal(err)
		}
		if count > 0 && b[0] == handshake {
			return
		}
	}
}

// Who is connected hears that the connection is closed, whichever side began DTLS,
// also where the closing comes at the very end of the handshake.
func TestCloseIsHeard(t *testing.T) {
	network := listen(t)
	for name, peerBegins := range map[string]bool{"as the server": true, "as the client": false} {
		t.Run(name, func(t *testing.T) {
			n, f := open(t, network), newFar(t, overUDP)
			secured := connect(n, f, peerBegins)
			n.close()
			if _, err := secured.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				t.Errorf("the peer hears %v, want close_notify", err)
			}
		})
	}
}
