package pion

import (
	"encoding/binary"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/webrtcpeer"
)

// floodKeys are what a publisher of these tests has agreed upon with the server.
var floodKeys = srtp.SessionKeys{
	LocalMasterKey: make([]byte, 16), LocalMasterSalt: make([]byte, 12),
	RemoteMasterKey: []byte("remote's own key"), RemoteMasterSalt: []byte("and its salt"),
}

// floodPatience is how long these tests wait for what must happen, on however busy a machine.
const floodPatience = time.Minute

const floodProfile = srtp.ProtectionProfileAeadAes128Gcm

type deafEvents struct{}

func (deafEvents) Connected(domain.SessionID)                  {}
func (deafEvents) TrackChanged(domain.SessionID, domain.Track) {}
func (deafEvents) Ended(domain.SessionID, domain.EndReason)    {}

// A publisher that sends under ever new SSRCs, media, retransmissions and reports,
// costs nothing that stays, and its own stream goes on. What it sends is made here
// and not by a client, which would remember as many SSRCs as it uses.
func TestAFloodOfSSRCs(t *testing.T) {
	const (
		ssrcs = 20_000
		most  = 512 << 10 // bytes: 13 for each of them and its retransmissions
	)
	p := floodedPublisher(t)
	video := p.sources[0].section.Codecs[0]
	own := newSpring(t)
	send := func(packet []byte) { p.arrives(packet); p.Received() }
	flood := func(from, to int) {
		for i := from; i < to; i++ {
			other := newSpring(t) // under the same keys: one that has forgotten the others
			send(other.media(video.PayloadType, uint32(100_000+i)))
			send(other.media(video.RTX, uint32(200_000+i)))
			send(other.report(uint32(300_000 + i)))
			if i%100 == 0 {
				send(own.media(video.PayloadType, 1))
			}
		}
		send(own.media(video.PayloadType, 1))
	}
	taken := func() uint64 { return p.report().Packets }
	reach := func(packets uint64) {
		t.Helper()
		for deadline := time.Now().Add(floodPatience); taken() < packets; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d of %d packets of the publisher's own stream were taken", taken(), packets)
			}
		}
	}
	send(own.media(video.PayloadType, 1))
	send(own.media(video.RTX, 2))
	flood(0, 1000) // pools and buffers are as large as they get
	reach(1 + 11)
	before := heapInUse()
	for i := 1000; i < ssrcs; i += 1000 {
		flood(i, i+1000)
		reach(uint64(1 + (i/1000+1)*11))
	}
	if grown := heapInUse() - before; grown > most {
		t.Errorf("%d SSRCs have left %d bytes behind", ssrcs, grown)
	}
	if n, want := taken(), uint64(1+ssrcs/1000*11); n != want {
		t.Errorf("%d packets were taken, want the publisher's own %d", n, want)
	}
}

// floodedPublisher returns a publisher that has its keys and no connection.
func floodedPublisher(t *testing.T) *publisher {
	t.Helper()
	m, err := New(Config{UDPAddr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	offer := webrtcpeer.Publisher(t, webrtc.RTPCodecTypeVideo).Offer()
	if _, err := m.Publish(t.Context(), ports.Offer{Session: "pub", SDP: offer, Events: deafEvents{}}); err != nil {
		t.Fatal(err)
	}
	p, _ := m.find("pub")
	p.Connected(floodProfile, floodKeys)
	return p
}

// arrives is Receive at one moment for all packets: none has waited for too long when the
// next one comes, however busy the machine is.
func (p *publisher) arrives(packet []byte) { p.inbox.put(packet, time.Unix(1, 0)) }

// spring makes the packets of a publisher.
type spring struct {
	t       *testing.T
	context *srtp.Context
	next    uint16
}

func newSpring(t *testing.T) *spring {
	t.Helper()
	context, err := srtp.CreateContext(floodKeys.RemoteMasterKey, floodKeys.RemoteMasterSalt, floodProfile)
	if err != nil {
		t.Fatal(err)
	}
	return &spring{t: t, context: context}
}

// media returns a packet that is too small to repair another.
func (s *spring) media(pt uint8, ssrc uint32) []byte {
	s.next++
	p := rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, PayloadType: pt, SequenceNumber: s.next, SSRC: ssrc}, Payload: []byte{0x10}}
	plain, err := p.Marshal()
	if err != nil {
		s.t.Fatal(err)
	}
	return s.sealed(s.context.EncryptRTP(nil, plain, nil))
}

// retransmission returns a packet that repairs the one of that number.
func (s *spring) retransmission(pt uint8, ssrc uint32, original uint16) []byte {
	s.next++
	p := rtp.Packet{
		Header:  rtp.Header{Version: 2, Marker: true, PayloadType: pt, SequenceNumber: s.next, SSRC: ssrc},
		Payload: append(binary.BigEndian.AppendUint16(nil, original), 0x10),
	}
	plain, err := p.Marshal()
	if err != nil {
		s.t.Fatal(err)
	}
	return s.sealed(s.context.EncryptRTP(nil, plain, nil))
}

// report returns a sender report.
func (s *spring) report(ssrc uint32) []byte {
	plain, err := (&rtcp.SenderReport{SSRC: ssrc}).Marshal()
	if err != nil {
		s.t.Fatal(err)
	}
	return s.sealed(s.context.EncryptRTCP(nil, plain, nil))
}

func (s *spring) sealed(packet []byte, err error) []byte {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return packet
}

func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what has a finalizer takes two
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
