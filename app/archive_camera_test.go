package app_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/at-wat/ebml-go"
	"github.com/at-wat/ebml-go/webm"
	"github.com/pion/rtp/codecs"

	"rostrum/domain"
	"rostrum/ports"
)

// frame is one frame of the clip that the product brings along, VP8 and Opus, in the
// payloads of its packets.
type frame struct {
	at       time.Duration
	codec    domain.Codec
	key      bool
	payloads [][]byte
}

// readClip reads the clip once.
var readClip = sync.OnceValues(func() ([]frame, error) {
	file, err := os.Open("../cmd/rostrum/clip/demo.webm")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var read struct {
		Header  webm.EBMLHeader `ebml:"EBML"`
		Segment webm.Segment    `ebml:"Segment"`
	}
	if err := ebml.Unmarshal(file, &read, ebml.WithIgnoreUnknown(true)); err != nil {
		return nil, err
	}
	pictures := map[uint64]bool{}
	for _, track := range read.Segment.Tracks.TrackEntry {
		pictures[track.TrackNumber] = track.TrackType == 1
	}
	var clip []frame
	payloader := &codecs.VP8Payloader{EnablePictureID: true}
	for _, cluster := range read.Segment.Cluster {
		for _, block := range cluster.SimpleBlock {
			f := frame{at: max(0, time.Duration(int64(cluster.Timecode)+int64(block.Timecode))*time.Millisecond)}
			if f.codec, f.payloads = domain.Opus, [][]byte{block.Data[0]}; pictures[block.TrackNumber] {
				f.codec, f.key, f.payloads = domain.VP8, block.Keyframe, payloader.Payload(1100, block.Data[0])
			}
			clip = append(clip, f)
		}
	}
	slices.SortStableFunc(clip, func(a, b frame) int { return cmp.Compare(a.at, b.at) })
	return clip, nil
})

// camera sends the clip's beginning into a sink, in time, each time from its first
// picture on.
type camera struct {
	publisher        domain.SessionID
	epoch            uint32
	next             map[domain.Codec]uint64
	pictures, sounds int // that have been sent
}

func newCamera(publisher domain.SessionID) *camera {
	return &camera{publisher: publisher, next: map[domain.Codec]uint64{}}
}

// play sends for so long, 8 s at most.
func (c *camera) play(t *testing.T, to ports.MediaSink, length time.Duration) {
	t.Helper()
	clip, err := readClip()
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for _, f := range clip {
		if f.at >= length {
			break
		}
		time.Sleep(time.Until(begin.Add(f.at)))
		c.send(to, f)
	}
	time.Sleep(time.Until(begin.Add(length)))
	c.epoch++
}

func (c *camera) send(to ports.MediaSink, f frame) {
	stream := ports.Stream{Publisher: c.publisher, Track: "video", Codec: f.codec, Epoch: c.epoch}
	rate := time.Duration(90_000)
	if f.codec == domain.Opus {
		stream.Track, rate = "audio", 48_000
		c.sounds++
	} else {
		c.pictures++
	}
	var packets []ports.Packet
	for i, payload := range f.payloads {
		packets = append(packets, ports.Packet{
			Sequence: c.next[f.codec], Timestamp: uint32(f.at * rate / time.Second),
			Marker: i == len(f.payloads)-1, Keyframe: f.key && i == 0, Payload: payload,
		})
		c.next[f.codec]++
	}
	to.Receive(stream, packets)
}

// digest returns the SHA-256 of a file.
func digest(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
