package pion

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// replayWindow is how many packets back a publisher's late packets are taken:
// what is repaired over a long way comes some hundred packets late.
const replayWindow = 1024

// maxControlSources bounds how many SSRCs of RTCP one peer may use, since each is
// remembered.
const maxControlSources = 16

// ingress decrypts what a publisher sends and gives it to the sources. It belongs
// to the publisher's goroutine.
type ingress struct {
	publisher *publisher
	context   *srtp.Context
	header    rtp.Header // reused
	control   map[uint32]struct{}
}

func newIngress(p *publisher, profile srtp.ProtectionProfile, keys srtp.SessionKeys) (*ingress, error) {
	context, err := srtp.CreateContext(keys.RemoteMasterKey, keys.RemoteMasterSalt, profile,
		srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(replayWindow))
	if err != nil {
		return nil, err
	}
	return &ingress{publisher: p, context: context, control: map[uint32]struct{}{}}, nil
}

// isControl tells RTCP from RTP (RFC 5761 §4).
func isControl(packet []byte) bool { return len(packet) > 1 && packet[1] >= 192 && packet[1] <= 223 }

// receive takes in one encrypted packet. What is malformed, forged, replayed or of
// no track is dropped.
func (i *ingress) receive(packet []byte, now time.Time) {
	if isControl(packet) {
		i.receiveControl(packet)
		return
	}
	begin, err := i.header.Unmarshal(packet)
	if err != nil {
		return
	}
	source, repairs := i.publisher.sourceOf(i.header.PayloadType)
	if source == nil || !source.takes(i.header.SSRC, repairs != 0, now) {
		return
	}
	plain, err := i.context.DecryptRTP(packet[:0], packet, &i.header)
	if err != nil {
		return
	}
	if repairs != 0 {
		source.receiveAgain(&i.header, begin, repairs, plain, now)
	} else {
		source.receive(&i.header, plain, now)
	}
}

func (i *ingress) receiveControl(packet []byte) {
	packets, plain := decryptControl(i.context, i.control, packet)
	if packets == nil {
		return
	}
	i.publisher.feedback.noteControl(plain)
	for _, p := range packets {
		if sr, ok := p.(*rtcp.SenderReport); ok {
			for _, s := range i.publisher.sources {
				s.report(sr)
			}
		}
	}
}

// decryptControl returns what a packet of RTCP holds, nil if it is malformed,
// forged or replayed, or of one SSRC too many.
func decryptControl(context *srtp.Context, seen map[uint32]struct{}, packet []byte) ([]rtcp.Packet, []byte) {
	var header rtcp.Header
	if len(packet) < 8 || header.Unmarshal(packet) != nil {
		return nil, nil
	}
	ssrc := uint32(packet[4])<<24 | uint32(packet[5])<<16 | uint32(packet[6])<<8 | uint32(packet[7])
	if _, known := seen[ssrc]; !known && len(seen) >= maxControlSources {
		return nil, nil
	}
	plain, err := context.DecryptRTCP(nil, packet, &header)
	if err != nil {
		return nil, nil
	}
	seen[ssrc] = struct{}{}
	packets, err := rtcp.Unmarshal(plain)
	if err != nil {
		return nil, nil
	}
	return packets, plain
}

// controlWriter encrypts RTCP and sends it.
type controlWriter struct {
	mu      sync.Mutex
	context *srtp.Context // nil: not yet connected
	send    func([]byte) (int, error)
}

// write sends packets, or nothing while the peer is not connected. Losing them is
// no error: each is said again.
func (w *controlWriter) write(packets []rtcp.Packet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.context == nil {
		return
	}
	plain, err := rtcp.Marshal(packets)
	if err != nil {
		return
	}
	if sealed, err := w.context.EncryptRTCP(nil, plain, nil); err == nil {
		_, _ = w.send(sealed)
	}
}

// open has what is written from now on leave.
func (w *controlWriter) open(context *srtp.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.context = context
}
