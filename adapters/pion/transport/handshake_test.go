package transport_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/srtp/v3"

	"rostrum/domain"
)

// Both sides have the same keys, whichever began DTLS.
func TestKeys(t *testing.T) {
	network := listen(t)
	for name, peerBegins := range map[string]bool{"as the server": true, "as the client": false} {
		t.Run(name, func(t *testing.T) {
			n, f := open(t, network), newFar(t, overUDP)
			theirs := keysOf(t, connect(n, f, peerBegins), peerBegins)
			n.mu.Lock()
			defer n.mu.Unlock()
			ours := n.keys
			if n.profile != srtp.ProtectionProfileAeadAes128Gcm || len(ours.LocalMasterKey) != 16 || len(ours.LocalMasterSalt) != 12 {
				t.Errorf("%v, a key of %d bytes and a salt of %d", n.profile, len(ours.LocalMasterKey), len(ours.LocalMasterSalt))
			}
			if !bytes.Equal(ours.LocalMasterKey, theirs.RemoteMasterKey) || !bytes.Equal(ours.RemoteMasterKey, theirs.LocalMasterKey) ||
				!bytes.Equal(ours.LocalMasterSalt, theirs.RemoteMasterSalt) || !bytes.Equal(ours.RemoteMasterSalt, theirs.LocalMasterSalt) {
				t.Error("the sides have different keys")
			}
			if !slices.Equal(n.events, []string{"moved", "connected"}) {
				t.Errorf("it told %q, want the path and then the keys", n.events)
			}
		})
	}
}

// A peer that shows another certificate than that of its offer is sent away, before
// it has got any keys of ours.
func TestAnotherCertificate(t *testing.T) {
	network := listen(t)
	for name, peerBegins := range map[string]bool{"as the server": true, "as the client": false} {
		t.Run(name, func(t *testing.T) {
			n, f, impostor := open(t, network), newFar(t, overUDP), newFar(t, overUDP)
			local, r := n.gather(), f.remote()
			r.Active, r.Trusts = peerBegins, impostor.owns
			n.start(r)
			f.meet(local)
			if _, err := f.shake(peerBegins); err == nil {
				t.Error("the handshake was brought to its end")
			}
			n.awaitEvent(string(domain.EndedUnconnected))
			if events := n.told(); slices.Contains(events, "connected") {
				t.Errorf("it told %q", events)
			}
			if r := n.conn.Report(); r.DTLS != "failed" || r.ConnectedAfter != 0 {
				t.Errorf("the report is %+v", r)
			}
		})
	}
}

// A peer that is ICE lite checks nothing by itself: this side does, and controls.
func TestAnICELitePeer(t *testing.T) {
	n, f := open(t, listen(t)), newFar(t, overUDP, ice.WithICELite(true))
	f.lite = true
	connect(n, f, true)
	if !n.path().Direct {
		t.Errorf("media goes by %+v", n.path())
	}
}

// A peer that closes its side is told of once, last, and nothing after it.
func TestThePeerCloses(t *testing.T) {
	n, f := open(t, listen(t)), newFar(t, overUDP)
	secured := connect(n, f, true)
	n.conn.Tell(func() { n.note("an event") })
	if err := secured.Close(); err != nil {
		t.Fatal(err)
	}
	n.awaitEvent(string(domain.EndedByPeer))
	n.conn.Tell(func() { n.note("an event too late") })
	_ = f.agent.GracefulClose()
	n.close()
	if want := []string{"moved", "connected", "an event", string(domain.EndedByPeer)}; !slices.Equal(n.told(), want) {
		t.Errorf("it told %q, want %q", n.told(), want)
	}
	if r := n.conn.Report(); r.DTLS != "closed" || r.ConnectedAfter <= 0 {
		t.Errorf("the report is %+v", r)
	}
}

// keysOf returns the keys as the peer has them.
func keysOf(t *testing.T, secured *dtls.Conn, client bool) srtp.SessionKeys {
	t.Helper()
	state, ok := secured.ConnectionState()
	if !ok {
		t.Fatal("the peer's DTLS has no state")
	}
	config := srtp.Config{Profile: srtp.ProtectionProfileAeadAes128Gcm}
	if err := config.ExtractSessionKeysFromDTLS(&state, client); err != nil {
		t.Fatal(err)
	}
	return config.Keys
}
