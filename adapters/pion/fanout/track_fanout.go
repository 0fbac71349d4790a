package fanout

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"rostrum/domain"
)

// maxResends bounds what one RTCP packet of a subscriber can make us send again.
const maxResends = 256

// Clock is one instant on the publisher's wall clock and on a track's RTP clock,
// as its sender reports pair them.
type Clock struct {
	NTPTime uint64
	RTPTime uint32
}

// TrackFanout is the live distribution of one track to the room's subscribers.
// One goroutine receives and flushes; SetLegs, Resend and Report may be called
// from others.
type TrackFanout struct {
	kind   domain.MediaKind
	codec  atomic.Value // domain.Codec of the packets in burst; set by Receive
	burst  []*Packet    // received since the last flush; they are in the ring
	header rtp.Header   // reused by Receive

	legs atomic.Pointer[[]*Leg] // the table; never changed, only swapped

	packets, octets, keys atomic.Uint64 // received

	mu   sync.RWMutex // held for writing by Receive, for reading while packets of the ring are sent
	ring ring

	keyframes *KeyframeRequests
}

// NewTrackFanout returns a fan-out without legs. askKeyframe asks the publisher
// for one and must not block; Run calls it, for video alone.
func NewTrackFanout(kind domain.MediaKind, askKeyframe func()) *TrackFanout {
	f := &TrackFanout{kind: kind}
	f.codec.Store(domain.Codec(""))
	f.legs.Store(&[]*Leg{})
	f.keyframes = NewKeyframeRequests(askKeyframe, f.starving)
	return f
}

// Run passes requests for key frames on until done is closed.
func (f *TrackFanout) Run(done <-chan struct{}) { f.keyframes.Run(done) }

// Receive takes in one RTP packet of the source. It does not block, and copies
// what it keeps. A malformed, duplicate or much too late packet is dropped: it returns
// false.
func (f *TrackFanout) Receive(codec domain.Codec, packet []byte) bool {
	n, err := f.header.Unmarshal(packet)
	if err != nil {
		return false
	}
	payload, ok := unpadded(&f.header, packet[n:])
	if !ok {
		return false
	}
	key := startsKeyframe(codec, payload)
	if codec != f.current() {
		if f.ring.passed(f.header.SequenceNumber) {
			return false // of a codec that is over
		}
		f.change(codec, key)
	}
	if f.ring.slot(f.header.SequenceNumber).queued {
		f.Flush() // it would be overwritten: the source has jumped
	}
	f.mu.Lock()
	p := f.ring.put(f.header.SequenceNumber, f.header.Timestamp, f.header.Marker, key, payload)
	if p != nil {
		p.Codec, p.queued = codec, true
	}
	f.mu.Unlock()
	if p == nil {
		return false
	}
	f.burst = append(f.burst, p)
	f.count(p)
	return true
}

func (f *TrackFanout) count(p *Packet) {
	f.packets.Add(1)
	f.octets.Add(uint64(len(p.Payload)))
	if p.Keyframe {
		f.keys.Add(1)
	}
}

// Received returns how many packets, bytes of payload and key frames have come.
func (f *TrackFanout) Received() (packets, bytes, keyframes uint64) {
	return f.packets.Load(), f.octets.Load(), f.keys.Load()
}

// change goes on in another codec, which every leg needs a key frame of.
func (f *TrackFanout) change(codec domain.Codec, key bool) {
	f.Flush()
	f.codec.Store(codec)
	if !key && f.starving() {
		f.AskKeyframe()
	}
}

// Full reports whether the burst is as long as one should get before a flush.
func (f *TrackFanout) Full() bool { return len(f.burst) >= ringSize/8 }

// Flush sends what has been received since the last flush to every leg, subscriber
// by subscriber.
func (f *TrackFanout) Flush() {
	if len(f.burst) == 0 {
		return
	}
	f.mu.RLock()
	codec, b := f.current(), newBurst(f.burst, time.Now())
	for _, leg := range *f.legs.Load() {
		leg.send(f, codec, b)
	}
	f.mu.RUnlock()
	for _, p := range f.burst {
		p.queued = false
	}
	f.burst = f.burst[:0]
}

// SetLegs makes legs the table from the next flush on. The slice is retained and
// must not be changed afterwards. A key frame is asked for when a leg waits for
// one.
func (f *TrackFanout) SetLegs(legs []*Leg) {
	f.legs.Store(&legs)
	if f.starving() {
		f.AskKeyframe()
	}
}

// Detach empties the table and waits until the flush that goes on, if there is one,
// has let go of the legs: then another track may have them.
func (f *TrackFanout) Detach() {
	f.legs.Store(&[]*Leg{})
	f.mu.Lock()
	f.mu.Unlock() //nolint:staticcheck // empty: whoever held it has let go
}

// AskKeyframe asks the publisher for a key frame, within what it can be asked. A
// track of sound has none.
func (f *TrackFanout) AskKeyframe() {
	if f.kind == domain.Video {
		f.keyframes.Ask()
	}
}

// Resend sends the packets that left under these sequence numbers to the leg's
// subscriber again, as far as they are still remembered and no more than a bounded
// number of them.
func (f *TrackFanout) Resend(leg *Leg, sequences []uint16) {
	o := leg.opening.Load()
	if o == nil || o.source != f {
		return
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, sequence := range sequences[:min(len(sequences), maxResends)] {
		if p := f.ring.get(o.stream.Rewrite.source(sequence)); p != nil {
			leg.resend(o, p)
		}
	}
}

// Report passes a sender report of the publisher on to every leg.
func (f *TrackFanout) Report(clock Clock) {
	for _, leg := range *f.legs.Load() {
		leg.report(f, clock)
	}
}

// current returns the codec that the source sends now, "" before its first packet.
func (f *TrackFanout) current() domain.Codec { return f.codec.Load().(domain.Codec) } // nothing else is stored

// starving reports whether a leg waits for a key frame that would be of use to it.
func (f *TrackFanout) starving() bool {
	if f.kind != domain.Video {
		return false
	}
	codec := f.current()
	for _, leg := range *f.legs.Load() {
		if leg.waitsFor(f, codec) {
			return true
		}
	}
	return false
}

// unpadded returns the payload without its padding (RFC 3550 §5.1), and whether
// the padding is as it should be.
func unpadded(h *rtp.Header, payload []byte) ([]byte, bool) {
	if !h.Padding {
		return payload, true
	}
	if len(payload) == 0 {
		return nil, false
	}
	n := int(payload[len(payload)-1])
	if n == 0 || n > len(payload) {
		return nil, false
	}
	return payload[:len(payload)-n], true
}
