package pion

import (
	"encoding/binary"
	"sync"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"rostrum/adapters/pion/fanout"
)

var _ fanout.Sender = (*rtpSender)(nil)

// rtpSender sends through pion: its SRTP session and the shared socket, packet by
// packet. Nothing is retained, and nothing waits for the subscriber: UDP drops.
type rtpSender struct {
	pc      *webrtc.PeerConnection
	writer  webrtc.TrackLocalWriter
	rtxSSRC uint32          // 0: none was negotiated
	rtx     map[uint8]uint8 // payload type of the retransmissions of each

	header rtp.Header // reused by Send

	mu      sync.Mutex // guards what Resend uses
	rtxNext uint16
	rtxBuf  []byte
}

// Send sends a burst. Errors mean that the connection is closing.
func (s *rtpSender) Send(stream fanout.Stream, burst []*fanout.Packet) {
	s.header.Version, s.header.SSRC, s.header.PayloadType = 2, stream.SSRC, stream.PayloadType
	for _, p := range burst {
		s.header.Marker = p.Marker
		s.header.SequenceNumber = stream.Rewrite.SequenceOf(p)
		s.header.Timestamp = stream.Rewrite.TimestampOf(p)
		if _, err := s.writer.WriteRTP(&s.header, p.Payload); err != nil {
			return
		}
	}
}

// Resend sends a packet again, as RTX (RFC 4588 §4) where that was negotiated.
func (s *rtpSender) Resend(stream fanout.Stream, p *fanout.Packet) {
	header := rtp.Header{
		Version: 2, Marker: p.Marker, SSRC: stream.SSRC, PayloadType: stream.PayloadType,
		SequenceNumber: stream.Rewrite.SequenceOf(p), Timestamp: stream.Rewrite.TimestampOf(p),
	}
	pt, ok := s.rtx[stream.PayloadType]
	if !ok || s.rtxSSRC == 0 {
		_, _ = s.writer.WriteRTP(&header, p.Payload) // the connection is closing
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rtxBuf = append(binary.BigEndian.AppendUint16(s.rtxBuf[:0], header.SequenceNumber), p.Payload...)
	header.SSRC, header.PayloadType, header.SequenceNumber = s.rtxSSRC, pt, s.rtxNext
	s.rtxNext++
	_, _ = s.writer.WriteRTP(&header, s.rtxBuf) // the connection is closing
}

// Report sends a sender report with the name that the answer gives the stream.
func (s *rtpSender) Report(r fanout.SenderReport) {
	_ = s.pc.WriteRTCP([]rtcp.Packet{ // the next one comes soon
		&rtcp.SenderReport{SSRC: r.SSRC, NTPTime: r.NTPTime, RTPTime: r.RTPTime, PacketCount: r.Packets, OctetCount: r.Octets},
		&rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
			Source: r.SSRC,
			Items:  []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: "rostrum"}},
		}}},
	})
}
