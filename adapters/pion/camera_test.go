package pion_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// piece returns the payload of a camera's packet: its bytes follow from its number.
// Each is the only one of its VP8 frame; every hundredth is a key frame.
func piece(n int) []byte {
	const beginsFrame = 0x10 // S bit of the payload descriptor
	random := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	p := make([]byte, 40+n%23)
	_, _ = random.Read(p) // never fails
	p[0], p[1] = beginsFrame, 1
	if n%100 == 0 {
		p[1] = 0
	}
	binary.BigEndian.PutUint32(p[2:], uint32(n))
	return p
}

// numberOf returns a packet's number by its payload, -1 if it has none.
func numberOf(payload []byte) int {
	if len(payload) < 6 {
		return -1
	}
	return int(binary.BigEndian.Uint32(payload[2:]))
}

// camera is a track whose packets are the test's own, SSRC and payload type
// included. What is written before it is connected is lost.
type camera struct {
	*client
	kind   webrtc.RTPCodecType
	sender *webrtc.RTPSender

	ssrc, rtx uint32 // as announced
	out       webrtc.TrackLocalWriter
	bound     chan struct{}

	shift uint16 // added to the numbers of its packets
	next  int    // the number of the next

	mu   sync.Mutex
	rtcp []rtcp.Packet // that has come
}

var _ webrtc.TrackLocal = (*camera)(nil)

// addCamera gives a client a track to send.
func (c *client) addCamera(kind webrtc.RTPCodecType) *camera {
	c.Helper()
	cam := &camera{client: c, kind: kind, bound: make(chan struct{})}
	t, err := c.pc.AddTransceiverFromTrack(cam, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		c.Fatal(err)
	}
	cam.sender = t.Sender()
	cam.listen(cam.sender.ReadRTCP)
	return cam
}

// become has the camera go on as another stream.
func (c *camera) become(ssrc uint32) {
	c.Helper()
	receiver, err := c.api.NewRTPReceiver(c.kind, c.sender.Transport()) // the way to hear RTCP about an SSRC that was not announced
	if err != nil {
		c.Fatal(err)
	}
	parameters := webrtc.RTPReceiveParameters{Encodings: []webrtc.RTPDecodingParameters{{RTPCodingParameters: webrtc.RTPCodingParameters{SSRC: webrtc.SSRC(ssrc)}}}}
	if err := receiver.Receive(parameters); err != nil {
		c.Fatal(err)
	}
	c.listen(receiver.ReadRTCP)
	c.Cleanup(func() { _ = receiver.Stop() })
	c.ssrc = ssrc
}

// listen takes note of RTCP until the connection is closed.
func (c *camera) listen(read func() ([]rtcp.Packet, interceptor.Attributes, error)) {
	var reading sync.WaitGroup
	reading.Go(func() { c.read(read) })
	c.Cleanup(func() { c.close(); reading.Wait() })
}

func (c *camera) read(from func() ([]rtcp.Packet, interceptor.Attributes, error)) {
	for {
		packets, _, err := from()
		if err != nil {
			return
		}
		c.mu.Lock()
		c.rtcp = append(c.rtcp, packets...)
		c.mu.Unlock()
	}
}

// Bind is called when the answer is taken.
func (c *camera) Bind(context webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	parameters := context.CodecParameters()
	if len(parameters) == 0 {
		return webrtc.RTPCodecParameters{}, errors.New("no codec was negotiated")
	}
	c.ssrc, c.rtx, c.out = uint32(context.SSRC()), uint32(context.SSRCRetransmission()), context.WriteStream()
	close(c.bound)
	return parameters[0], nil
}

// Unbind is called when the connection is closed.
func (c *camera) Unbind(webrtc.TrackLocalContext) error { return nil }

// ID and the others name the track.
func (c *camera) ID() string                { return c.kind.String() }
func (c *camera) RID() string               { return "" }
func (c *camera) StreamID() string          { return "camera" }
func (c *camera) Kind() webrtc.RTPCodecType { return c.kind }

// header returns that of a packet of that number.
func (c *camera) header(n int) *rtp.Header {
	<-c.bound
	h := &rtp.Header{Version: 2, Marker: true, PayloadType: payloadVP8, SSRC: c.ssrc, SequenceNumber: uint16(n) + c.shift, Timestamp: uint32(n) * 900}
	if c.kind == webrtc.RTPCodecTypeAudio {
		h.PayloadType = payloadOpus
	}
	return h
}

// write sends a packet as it is. Errors mean that the connection is closing.
func (c *camera) write(h *rtp.Header, payload []byte) { _, _ = c.out.WriteRTP(h, payload) }

// shoot sends the next packets.
func (c *camera) shoot(packets int) {
	for range packets {
		c.write(c.header(c.next), piece(c.next))
		c.next++
	}
}

// shootFrame sends the next packets as a frame of that many, which the last one's
// marker ends.
func (c *camera) shootFrame(packets int) {
	for i := range packets {
		h := c.header(c.next)
		h.Marker = i == packets-1
		c.write(h, piece(c.next))
		c.next++
	}
}

// skip leaves out packets, as if they had been lost.
func (c *camera) skip(packets int) { c.next += packets }

// pace sends packets from each camera, one in each interval.
func pace(packets int, each time.Duration, cameras ...*camera) {
	tick := time.NewTicker(each)
	defer tick.Stop()
	for range packets {
		<-tick.C
		for _, c := range cameras {
			c.shoot(1)
		}
	}
}

// repair sends a packet again by RTX.
func (c *camera) repair(ssrc uint32, sequence uint16, n int) {
	h := c.header(n)
	osn := binary.BigEndian.AppendUint16(nil, h.SequenceNumber)
	h.PayloadType, h.SSRC, h.SequenceNumber = payloadRTX, ssrc, sequence
	c.write(h, append(osn, piece(n)...))
}

// heard returns the RTCP of one kind that has come so far.
func heard[P rtcp.Packet](c *camera) []P {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []P
	for _, p := range c.rtcp {
		if p, ok := p.(P); ok {
			all = append(all, p)
		}
	}
	return all
}
