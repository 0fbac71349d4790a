package bench

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/srtp/v3"
)

const reportEvery = time.Second

// receiver is what a subscriber does with its datagrams: it counts media, answers by receiver reports, and leaves STUN and DTLS
// to others. All of it belongs to the sweep.
type receiver struct {
	socket     *socket
	stun, dtls *inbox

	tracks    [kinds]reception
	firstAt   [kinds]time.Time // by the kernel's clock
	lastMedia time.Time        // by the sweep's clock

	keys    *keys // nil before the handshake
	probe   *probe
	next    time.Time // report
	senders map[uint32]senderReport
}

// keys are the two directions of a finished handshake.
type keys struct {
	in, out *srtp.Context
	server  netip.AddrPort
	ssrc    uint32 // of our reports
}

// senderReport is what the next receiver report says of the last sender report.
type senderReport struct {
	middle uint32 // of its NTP time
	came   time.Time
}

func newReceiver(s *socket) *receiver {
	r := &receiver{socket: s, senders: map[uint32]senderReport{}}
	r.stun, r.dtls = newInbox(s), newInbox(s)
	r.next = time.Now().Add(rand.N(reportEvery)) //nolint:gosec // spread over the second
	return r
}

// arrive tells datagrams apart by their first byte (RFC 7983).
func (r *receiver) arrive(datagram []byte, at time.Time, from netip.AddrPort) {
	if len(datagram) < 12 {
		return
	}
	switch first := datagram[0]; {
	case first < 4:
		r.stun.deliver(datagram, from)
	case first >= 20 && first < 64:
		r.dtls.deliver(datagram, from)
	case first < 128 || first >= 192:
	case datagram[1] >= 192 && datagram[1] < 224: // RTCP, RFC 5761 §4
		r.control(datagram)
	default:
		r.media(datagram, at)
	}
}

func (r *receiver) media(packet []byte, at time.Time) {
	var k kind
	switch packet[1] & 0x7f {
	case payloadVideo:
		k = video
	case payloadAudio:
		k = audio
	default: // a retransmission
		return
	}
	track := &r.tracks[k]
	if !track.count(binary.BigEndian.Uint32(packet[8:]), binary.BigEndian.Uint16(packet[2:])) {
		return
	}
	if r.firstAt[k].IsZero() {
		r.firstAt[k] = at
	}
	r.lastMedia = time.Now()
	if r.probe != nil {
		r.probe.take(packet, at)
	}
}

// control notes sender reports.
func (r *receiver) control(packet []byte) {
	if r.keys == nil {
		return
	}
	plain, err := r.keys.in.DecryptRTCP(nil, packet, nil)
	if err != nil {
		return
	}
	packets, err := rtcp.Unmarshal(plain)
	if err != nil {
		return
	}
	for _, p := range packets {
		if report, ok := p.(*rtcp.SenderReport); ok {
			r.senders[report.SSRC] = senderReport{middle: uint32(report.NTPTime >> 16), came: time.Now()} //nolint:gosec // its middle (RFC 3550 §6.4.1)
		}
	}
}

// report sends a receiver report when one is due. One that can't be sent is left out.
func (r *receiver) report(now time.Time) {
	if r.keys == nil || now.Before(r.next) {
		return
	}
	r.next = now.Add(reportEvery)
	report := rtcp.ReceiverReport{SSRC: r.keys.ssrc}
	for i := range r.tracks {
		block, ok := r.tracks[i].report()
		if !ok {
			continue
		}
		if sender, ok := r.senders[block.SSRC]; ok {
			block.LastSenderReport = sender.middle
			block.Delay = uint32(now.Sub(sender.came) * 65536 / time.Second) //nolint:gosec // seconds
		}
		report.Reports = append(report.Reports, block)
	}
	plain, err := report.Marshal()
	if err != nil {
		return
	}
	if sealed, err := r.keys.out.EncryptRTCP(nil, plain, nil); err == nil {
		_ = r.socket.send(sealed, r.keys.server)
	}
}

// packets is how many of both tracks have come.
func (r *receiver) packets() uint64 { return r.tracks[video].packets + r.tracks[audio].packets }
