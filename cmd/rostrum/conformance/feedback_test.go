package conformance

import (
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

func TestFeedback(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-134 PLI and FIR reach the publisher", testKeyframeRequests)
	t.Run("WHIP-135 a storm of requests is not passed on", testKeyframeStorm)
	t.Run("WHIP-136 a late viewer gets a key frame", testLateViewer)
	t.Run("WHIP-137 what a viewer has lost is sent again", testDownstreamLoss)
	t.Run("WHIP-138 what a publisher's network has lost is asked for", testUpstreamLoss)
	t.Run("WHIP-139 reports go both ways", testReports)
	t.Run("WHIP-140 transport-wide feedback goes to a publisher", testTransportFeedback)
}

// watched is a publisher that makes key frames only when it is asked, and a viewer
// that has got the first one.
func watched(t *testing.T) (*live, *session) {
	t.Helper()
	r := room()
	l := house.publisher(t, r).goLive()
	v := house.viewer(t, r)
	v.next("video", soon)
	return l, v
}

// awaitKeyframes waits until so many more key frames have been made.
func awaitKeyframes(l *live, more int64, limit time.Duration) bool {
	want := l.keyframes.Load() + more
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); <-tick.C {
		if l.keyframes.Load() >= want {
			return true
		}
	}
	return false
}

func testKeyframeRequests(t *testing.T) {
	l, v := watched(t)
	ssrc := v.next("video", soon).SSRC
	for what, request := range map[string]rtcp.Packet{
		"PLI": &rtcp.PictureLossIndication{SenderSSRC: 1, MediaSSRC: ssrc},
		"FIR": &rtcp.FullIntraRequest{SenderSSRC: 1, MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc, SequenceNumber: 1}}},
	} {
		pass(1200 * time.Millisecond) // so that it is a lone one
		before := l.keyframes.Load()
		v.sendRTCP(&rtcp.ReceiverReport{SSRC: 1}, request)
		if !awaitKeyframes(l, before+1-l.keyframes.Load(), soon) {
			t.Errorf("a lone %s led to no key frame", what)
		}
	}
}

func testKeyframeStorm(t *testing.T) {
	l, v := watched(t)
	ssrc := v.next("video", soon).SSRC
	before, began, asked := l.keyframes.Load(), time.Now(), 0
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for ; time.Since(began) < 2*time.Second; asked++ {
		<-tick.C
		v.sendRTCP(&rtcp.ReceiverReport{SSRC: 1}, &rtcp.PictureLossIndication{SenderSSRC: 1, MediaSSRC: ssrc})
	}
	if !awaitKeyframes(l, before+1-l.keyframes.Load(), soon) {
		t.Errorf("%d requests led to no key frame", asked)
	}
	made, lasted := l.keyframes.Load()-before, time.Since(began)
	if most := 4 + int64(2*lasted.Seconds()); made > most {
		t.Errorf("%d requests in %v led to %d key frames, want %d at most", asked, lasted, made, most)
	}
}

func testLateViewer(t *testing.T) {
	r := room()
	l := house.publisher(t, r).goLive()
	house.viewer(t, r).next("video", soon)
	pass(1200 * time.Millisecond)
	before := l.keyframes.Load()
	late := house.open(t, whep, r, "viewer")
	if awaitKeyframes(l, before+1-l.keyframes.Load(), 300*time.Millisecond) {
		t.Error("a key frame was asked for before the viewer was connected")
	}
	late.connect()
	if first := late.next("video", soon); !startsKeyframe(first, vp8) {
		t.Errorf("a late viewer's first packet is % x", first.Payload)
	}
}

// testDownstreamLoss asks for packets that it has, as if they were lost, and finds
// them sent again: by RTX, since the offer has it.
func testDownstreamLoss(t *testing.T) {
	_, v := watched(t)
	sent := map[uint16]*rtp.Packet{}
	var last *rtp.Packet
	for range 50 {
		last = v.next("video", soon)
		sent[last.SequenceNumber] = last
	}
	lost := last.SequenceNumber - 20
	v.sendRTCP(&rtcp.ReceiverReport{SSRC: 1}, &rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: last.SSRC, Nacks: []rtcp.NackPair{{PacketID: lost, LostPackets: 0b101}}})
	again := map[uint16]bool{}
	for range 3 {
		p := v.next("rtx", soon)
		original := uint16(p.Payload[0])<<8 | uint16(p.Payload[1])
		want := sent[original]
		if p.SSRC == last.SSRC || want == nil || string(p.Payload[2:]) != string(want.Payload) || p.Timestamp != want.Timestamp || p.Marker != want.Marker {
			t.Fatalf("%v of %d, was %v", p.Header, original, want)
		}
		again[original] = true
	}
	if !again[lost] || !again[lost+1] || !again[lost+3] {
		t.Errorf("asked for %d, %d and %d, got %v", lost, lost+1, lost+3, again)
	}
}

// testUpstreamLoss holds two packets back until they are asked for. The viewer must
// get them, late as they are.
func testUpstreamLoss(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	v := house.viewer(t, r)
	k := pub.track(vp8, pictureSSRC)
	awaitKeyframeRequest(t, k)
	k.frame(true, 0, 1)
	v.next("video", soon)
	held := map[uint16]*rtp.Packet{}
	for n := uint32(1); n < 30; n++ {
		if n == 10 || n == 11 {
			p := k.packet(false, n, true)
			held[p.SequenceNumber] = p
			k.timestamp += k.coding.step
			continue
		}
		k.frame(false, n, 1)
	}
	repairHeld(k, held)
	if len(held) > 0 {
		t.Fatalf("%d lost packets were not asked for", len(held))
	}
	late := map[uint32]bool{}
	for !late[10] || !late[11] {
		late[number(v.next("video", soon))] = true
	}
}

// repairHeld sends a track's held packets as they are asked for, for a while, and
// takes them out of held. The track goes on meanwhile, as publishers do.
func repairHeld(k *track, held map[uint16]*rtp.Packet) {
	for deadline := time.Now().Add(soon); len(held) > 0 && time.Now().Before(deadline); {
		nack, ok := nextRTCP[*rtcp.TransportLayerNack](k.s, time.Second)
		if !ok {
			k.frame(false, 100, 1)
			continue
		}
		for _, pair := range nack.Nacks {
			for _, sequence := range pair.PacketList() {
				if p := held[sequence]; p != nil {
					k.s.sendRTP(p)
					delete(held, sequence)
				}
			}
		}
	}
}

func testReports(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	picture, sound := pub.track(vp8, pictureSSRC), pub.track(opus, soundSSRC)
	v := house.viewer(t, r)
	stop := reporting(pub, picture, sound)
	defer stop()
	reported := map[uint32]bool{}
	for deadline := time.Now().Add(soon); (!reported[pictureSSRC] || !reported[soundSSRC]) && time.Now().Before(deadline); {
		if report, ok := nextRTCP[*rtcp.ReceiverReport](pub, time.Second); ok {
			for _, b := range report.Reports {
				reported[b.SSRC] = true
			}
		}
	}
	if !reported[pictureSSRC] || !reported[soundSSRC] {
		t.Errorf("receiver reports of %v", reported)
	}
	p, s := v.next("video", soon), v.next("audio", soon)
	sent := map[uint32]bool{}
	for deadline := time.Now().Add(soon); (!sent[p.SSRC] || !sent[s.SSRC]) && time.Now().Before(deadline); {
		if report, ok := nextRTCP[*rtcp.SenderReport](v, time.Second); ok && report.NTPTime != 0 {
			sent[report.SSRC] = true
		}
	}
	if !sent[p.SSRC] || !sent[s.SSRC] {
		t.Errorf("sender reports of %v, want %d and %d", sent, p.SSRC, s.SSRC)
	}
}

// reporting sends tracks with a sender report for each twice a second, until the
// function that it returns is called. It leaves what the server reports to the test.
func reporting(pub *session, tracks ...*track) (stop func()) {
	quit := make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for n := uint32(0); ; n++ {
			select {
			case <-quit:
				return
			case <-tick.C:
			}
			for _, k := range tracks {
				k.frame(n%25 == 0, n, 1)
				if n%25 == 0 {
					pub.sendRTCP(&rtcp.SenderReport{SSRC: k.ssrc, NTPTime: ntp(time.Now()), RTPTime: k.timestamp, PacketCount: n})
				}
			}
		}
	})
	return func() { close(quit); sending.Wait() }
}

// ntp is a time as sender reports have it (RFC 3550 §4).
func ntp(t time.Time) uint64 {
	seconds := uint64(t.Unix()) + 2208988800
	return seconds<<32 | uint64(t.Nanosecond())<<32/1e9
}

// testTransportFeedback sends numbered packets if the answer has the extension and
// the feedback; an answer with neither obliges to nothing.
func testTransportFeedback(t *testing.T) {
	pub := house.publisher(t, room())
	m := pub.answer.section("video")
	accepted := false
	for _, fb := range values(m, "rtcp-fb") {
		accepted = accepted || fb == itoa(payloadTypes(m, "VP8")[0])+" transport-cc"
	}
	if !accepted {
		return
	}
	k := pub.track(vp8, pictureSSRC)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for n := range uint16(200) {
		<-tick.C
		p := k.packet(n == 0, uint32(n), true)
		if err := p.SetExtension(3, []byte{byte(n >> 8), byte(n)}); err != nil {
			t.Fatal(err)
		}
		pub.sendRTP(p)
		k.timestamp += k.coding.step
	}
	if _, ok := nextRTCP[*rtcp.TransportLayerCC](pub, soon); !ok {
		t.Error("the answer takes transport-cc and no feedback comes")
	}
}
