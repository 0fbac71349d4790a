package spool_test

import (
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// camera is a publisher that sends clips, in time, to a sink.
type camera struct {
	publisher domain.SessionID
	to        ports.MediaSink
	epoch     uint32

	// pass says of each packet whether it comes, and may change it; nil: all come as
	// they are.
	pass func(kind domain.MediaKind, p *ports.Packet) bool

	shown                time.Duration // of what has been sent
	videoNext, audioNext uint64
	pictures, sounds     int // that have been sent whole
}

func newCamera(publisher domain.SessionID, to ports.MediaSink) *camera {
	return &camera{publisher: publisher, to: to, videoNext: 1000, audioNext: 65_530}
}

// play sends a clip in time.
func (c *camera) play(k clip) {
	begin := time.Now()
	for _, u := range k.sequence() {
		time.Sleep(time.Until(begin.Add(u.due)))
		c.send(k, u)
	}
	c.shown += k.length()
	time.Sleep(time.Until(begin.Add(k.length())))
}

// rush sends a clip at once.
func (c *camera) rush(k clip) {
	for _, u := range k.sequence() {
		c.send(k, u)
	}
	c.shown += k.length()
}

// length is how long the clip lasts.
func (c clip) length() time.Duration {
	var last time.Duration
	for _, u := range c.sequence() {
		last = max(last, u.at)
	}
	return (last + time.Second/30).Round(100 * time.Millisecond)
}

func (c *camera) send(k clip, u timed) {
	stream := ports.Stream{Publisher: c.publisher, Track: "audio", Codec: domain.Opus, Epoch: c.epoch}
	rate, next := int64(48_000), &c.audioNext
	if u.kind == domain.Video {
		stream = ports.Stream{Publisher: c.publisher, Track: "video", Codec: k.codec, Epoch: c.epoch}
		rate, next = 90_000, &c.videoNext
	}
	at := c.shown + u.at
	timestamp := uint32(0xffff_f000 + int64(at)*rate/int64(time.Second)) // it wraps
	whole := true
	var packets []ports.Packet
	for i, payload := range u.payloads {
		p := ports.Packet{
			Sequence: *next, Timestamp: timestamp, Marker: i == len(u.payloads)-1, Keyframe: u.key && i == 0, Payload: payload,
		}
		*next++
		if c.pass == nil || c.pass(u.kind, &p) {
			packets = append(packets, p)
		} else {
			whole = false
		}
	}
	c.to.Receive(stream, packets)
	switch {
	case !whole:
	case u.kind == domain.Video:
		c.pictures++
	default:
		c.sounds++
	}
}

// report sends a sender report of both streams as of now: that the clocks of both
// began when the camera did.
func (c *camera) report(k clip) {
	ntp := func(at time.Duration) uint64 {
		return uint64(3_900_000_000)<<32 + uint64(at.Seconds()*(1<<32))
	}
	for rate, stream := range map[int64]ports.Stream{
		90_000: {Publisher: c.publisher, Track: "video", Codec: k.codec, Epoch: c.epoch},
		48_000: {Publisher: c.publisher, Track: "audio", Codec: domain.Opus, Epoch: c.epoch},
	} {
		c.to.Report(stream, ports.Clock{NTPTime: ntp(c.shown), RTPTime: uint32(0xffff_f000 + int64(c.shown)*rate/int64(time.Second))})
	}
}

// deaf is ports.RecordingEvents for whoever does not care.
type deaf struct{}

func (deaf) Began(domain.RecordingID, time.Time) {}
func (deaf) PictureLost(domain.RecordingID)      {}

func recording(id domain.RecordingID) domain.Recording {
	return domain.Recording{
		ID: id, Room: "lobby", Session: "P", Subject: "ann", Key: domain.ObjectKey("lobby/" + id),
		State: domain.RecordingStarted, Started: time.Now().UTC(),
	}
}

func record(t *testing.T, s ports.Spool, id domain.RecordingID, events ports.RecordingEvents) ports.Take {
	t.Helper()
	take, err := s.Record(recording(id), events)
	if err != nil {
		t.Fatal(err)
	}
	return take
}

func finalize(t *testing.T, s ports.Spool, id domain.RecordingID) domain.Recording {
	t.Helper()
	r, err := s.Finalize(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
