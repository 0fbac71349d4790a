package fanout

import (
	"github.com/pion/rtp"

	"rostrum/domain"
)

// Receive takes in one RTP packet of the source. It copies what it keeps. A malformed,
// duplicate or much too late packet is dropped: it returns false. What would be
// overwritten before it is sent, or is of another codec, is flushed first.
func (f *TrackFanout) Receive(codec domain.Codec, packet []byte) bool {
	n, err := f.header.Unmarshal(packet)
	if err != nil {
		return false
	}
	payload, ok := unpadded(&f.header, packet[n:])
	if !ok {
		return false
	}
	number, ok := f.ring.number(f.header.SequenceNumber, f.header.Timestamp)
	if !ok || number <= f.over {
		return false
	}
	if codec != f.codec {
		if number < f.ring.highest {
			return false // late, of a codec that is over
		}
		f.change(codec)
	}
	if f.ring.slot(number).queued {
		f.Flush() // the source has jumped
	}
	p := f.ring.put(number, f.header.Timestamp, f.header.Marker, startsKeyframe(codec, payload), payload)
	p.Codec, p.queued = codec, true
	f.burst = append(f.burst, p)
	f.received.add(p)
	return true
}

// change goes on in another codec, which every leg needs a key frame of.
func (f *TrackFanout) change(codec domain.Codec) {
	if len(f.burst) > 0 {
		f.Flush()
	}
	f.codec, f.over, f.ring.key = codec, f.ring.highest, 0
}

// BeginAnew takes note that what comes next is of another stream than what has come:
// the publisher goes on under another SSRC, with numbers and a clock of its own. Legs
// go on right behind what has left, from its first key frame on.
func (f *TrackFanout) BeginAnew() {
	if len(f.burst) > 0 {
		f.Flush()
	}
	f.epoch++
	f.ring.beginAnew()
	f.over, f.flushed, f.clock = f.ring.highest, f.ring.highest, clock{}
}

// Full reports whether the burst is as long as one should get before a flush.
func (f *TrackFanout) Full() bool { return len(f.burst) >= ringSize/8 }

// Report takes note of the publisher's clock. The next flush passes it on to every
// leg, also if there is nothing else to flush; legs that begin later get it then.
func (f *TrackFanout) Report(c Clock) { f.clock = clock{c, true, true} }

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
