package socket

import (
	"net"
	"testing"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"
)

// pion's mux runs on a socket: it gets a session's STUN and DTLS, and its media
// until somebody is attached.
func TestICEMux(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: s})
		defer mux.Close()
		conn, err := mux.GetConn("ours", s.LocalAddr())
		if err != nil {
			t.Fatal(err)
		}
		client, r := dial(t, s), newSession()
		reads := func(want string) {
			t.Helper()
			buffer := make([]byte, 2048)
			n, from, err := conn.ReadFrom(buffer)
			if string(buffer[:n]) != want || err != nil || from.String() != client.LocalAddr().String() {
				t.Errorf("the mux has %.20q from %v, %v; want %.20q", buffer[:n], from, err, want)
			}
		}

		check := string(stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername("ours:theirs")).Raw)
		send(t, client, check)
		reads(check)
		if _, err := conn.WriteTo([]byte("answer"), client.LocalAddr()); err != nil { // has the mux know the address
			t.Fatal(err)
		}
		expect(t, client, "answer")

		send(t, client, "\x16 DTLS", "\x80 media")
		reads("\x16 DTLS")
		reads("\x80 media")
		s.Attach(port(client), r)
		send(t, client, "\x80 media", "\x17 DTLS", "\x81 RTCP")
		want(t, r, "\x80 media", "\x81 RTCP")
		reads("\x17 DTLS")
	})
}

// expect reads what a client must get.
func expect(t *testing.T, client *net.UDPConn, want string) {
	t.Helper()
	buffer := make([]byte, 2048)
	if n, err := client.Read(buffer); string(buffer[:n]) != want || err != nil {
		t.Errorf("the client got %.20q, %v; want %.20q", buffer[:n], err, want)
	}
}
