package pion_test

import (
	"net"
	"sync/atomic"

	"github.com/pion/transport/v5/vnet"
)

// held is the end of a client's DTLS handshake on its way to the server: it is lost,
// however often it is sent, until it is released.
type held struct {
	open   atomic.Bool
	passed atomic.Int64 // packets of media
}

// holdHandshake holds up the client's end of the handshake, and nothing else.
func (w *wan) holdHandshake() *held {
	h := &held{}
	w.router.AddChunkFilter(func(c vnet.Chunk) bool {
		const changeCipherSpec = 20 // the first record of a handshake's last flight (RFC 5246 §7.3)
		data := c.UserData()
		switch {
		case len(data) == 0 || c.SourceAddr().(*net.UDPAddr).IP.String() == abroad:
			return true
		case data[0] >= 128 && data[0] <= 191: // RFC 7983 §7
			h.passed.Add(1)
			return true
		default:
			return data[0] != changeCipherSpec || h.open.Load()
		}
	})
	return h
}

// media returns how many packets of media have passed.
func (h *held) media() int { return int(h.passed.Load()) }

// release has the next try go through.
func (h *held) release() { h.open.Store(true) }
