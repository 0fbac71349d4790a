package pion

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/negotiation"
)

// maxControlSources bounds how many SSRCs of RTCP one peer may use, since each is
// remembered.
const maxControlSources = 16

// The shortest and the longest packet that are taken in: what every SRTP and SRTCP
// packet has, and an Ethernet frame and a little.
const (
	minPacket = 12
	maxPacket = 1600
)

// maxControls is how many packets of RTCP a subscriber may send in a second; players
// that lose much send two hundred. More are not served, which would be at everybody's
// cost.
const maxControls = 500

// pace counts what comes in a second. The zero value has counted nothing.
type pace struct {
	since time.Time
	count int
}

// allows counts one more and reports whether it is within the bound.
func (p *pace) allows(now time.Time) bool {
	if now.Sub(p.since) >= time.Second {
		p.since, p.count = now, 0
	}
	p.count++
	return p.count <= maxControls
}

// isControl tells RTCP from RTP (RFC 5761 §4).
func isControl(packet []byte) bool { return len(packet) > 1 && packet[1] >= 192 && packet[1] <= 223 }

// controlReader decrypts RTCP of one peer. It is for one goroutine at a time.
type controlReader struct {
	context *srtp.Context
	tally   *tally   // of what is dropped
	seen    []uint32 // SSRCs
}

// read returns what a packet of RTCP holds, and its plain octets; nothing if it is
// malformed, forged or replayed, or of one SSRC too many.
func (r *controlReader) read(packet []byte) ([]rtcp.Packet, []byte) {
	if len(packet) < 8 {
		r.tally.malformed.Add(1)
		return nil, nil
	}
	ssrc := binary.BigEndian.Uint32(packet[4:])
	known := slices.Contains(r.seen, ssrc)
	if !known && len(r.seen) == maxControlSources {
		r.tally.flood.Add(1)
		return nil, nil
	}
	plain, err := r.context.DecryptRTCP(nil, packet, nil)
	if err != nil {
		r.tally.undecrypted(err)
		return nil, nil
	}
	if !known {
		r.seen = append(r.seen, ssrc)
	}
	packets, err := rtcp.Unmarshal(plain)
	if err != nil {
		r.tally.malformed.Add(1)
		return nil, nil
	}
	return packets, plain
}

// controlWriter encrypts RTCP and sends it. Any goroutine may use it.
type controlWriter struct {
	send    func([]byte) (int, error)
	ssrc    uint32 // that the server has towards this peer
	reduced bool   // packets need not be compound (RFC 5506)

	mu      sync.Mutex
	context *srtp.Context // nil: not yet connected
}

// newControlWriter returns a writer for a peer, which is not yet connected.
func newControlWriter(o *negotiation.Offer, send func([]byte) (int, error)) *controlWriter {
	compound := func(s negotiation.Section) bool { return !s.ReducedSize }
	return &controlWriter{send: send, ssrc: rand.Uint32(), reduced: !slices.ContainsFunc(o.Sections, compound)} //nolint:gosec // no secret
}

// open has what is written from now on leave.
func (w *controlWriter) open(context *srtp.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.context = context
}

// write sends packets, or nothing while the peer is not connected. Losing them is
// no error: each is said again.
func (w *controlWriter) write(packets []rtcp.Packet) {
	if len(packets) == 0 {
		return
	}
	w.sign(packets)
	if !w.reduced {
		packets = w.compound(packets)
	}
	plain, err := rtcp.Marshal(packets)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.context == nil {
		return
	}
	if sealed, err := w.context.EncryptRTCP(nil, plain, nil); err == nil {
		_, _ = w.send(sealed)
	}
}

// sign gives the server one SSRC towards the peer, whoever has made a packet.
func (w *controlWriter) sign(packets []rtcp.Packet) {
	for _, packet := range packets {
		switch p := packet.(type) {
		case *rtcp.ReceiverReport:
			p.SSRC = w.ssrc
		case *rtcp.TransportLayerCC:
			p.SenderSSRC = w.ssrc
		case *rtcp.TransportLayerNack:
			p.SenderSSRC = w.ssrc
		case *rtcp.PictureLossIndication:
			p.SenderSSRC = w.ssrc
		}
	}
}

// compound puts a report before packets that lack one, and a name behind it
// (RFC 3550 §6.1).
func (w *controlWriter) compound(packets []rtcp.Packet) []rtcp.Packet {
	if _, reports := packets[0].(*rtcp.ReceiverReport); !reports {
		packets = slices.Insert(packets, 0, rtcp.Packet(&rtcp.ReceiverReport{SSRC: w.ssrc}))
	}
	return slices.Insert(packets, 1, rtcp.Packet(&rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
		Source: w.ssrc,
		Items:  []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: negotiation.CNAME}},
	}}}))
}
