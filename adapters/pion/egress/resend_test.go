package egress

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/fanout"
)

// Retransmissions come in a stream of their own, numbered one by one across its
// roll-over, with the original's number in front (RFC 4588 §4).
func TestRetransmissionsArrive(t *testing.T) {
	everywhere(t, func(t *testing.T, profile srtp.ProtectionProfile, address string) {
		outlet, s := session(t, profile, address)
		outlet.To(0, s.addr())
		l, sender := lane(t, address), outlet.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType})
		if sender.rtxIndex >= 1<<15 {
			t.Errorf("the first number is %d: the subscriber would guess another roll-over counter", sender.rtxIndex)
		}
		sender.rtxIndex = 65_530
		lost := frame(70_000, 1_188, 1_188, 0, 1, 1_188, 1_188, 1_188, 600)
		for i, p := range lost {
			sender.Resend(l, video, p)
			l.Flush()
			got := s.rtp()
			if got.SSRC != rtxSSRC || got.PayloadType != rtxType || got.SequenceNumber != uint16(65_530+i) ||
				got.Timestamp != p.Timestamp || got.Marker != p.Marker {
				t.Errorf("packet %d came again with the header %+v", i, got.Header)
			}
			if binary.BigEndian.Uint16(got.Payload) != uint16(p.Sequence) || !bytes.Equal(got.Payload[2:], p.Payload) {
				t.Errorf("packet %d came again with another number or payload", i)
			}
		}
	})
}

// Retransmissions of equal size share a message, as the packets of a burst do.
func TestRetransmissionsShareMessages(t *testing.T) {
	outlet, s := session(t, gcm256, "::1")
	outlet.To(0, s.addr())
	l, sender := lane(t, "::1"), outlet.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType})
	for _, p := range frame(1, 1_188, 1_188, 1_188, 300) {
		sender.Resend(l, video, p)
	}
	l.Flush()
	for range 4 {
		s.rtp()
	}
	if stats := l.Stats(); stats.Packets != 4 || segments && stats.Messages != 1 {
		t.Errorf("%d packets left in %d messages, want 4 in one", stats.Packets, stats.Messages)
	}
}

// A message takes no more retransmissions than it may have packets, or bytes.
func TestRetransmissionsFillMessages(t *testing.T) {
	for _, c := range []struct{ packets, size, messages int }{{130, 100, 3}, {60, 1_186, 2}} {
		outlet, s := session(t, gcm128, "127.0.0.1")
		outlet.To(0, s.addr())
		l, sender := lane(t, "127.0.0.1"), outlet.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType})
		for _, p := range frame(1, sizes(c.packets, c.size)...) {
			sender.Resend(l, video, p)
		}
		l.Flush()
		if came := len(s.rest()); came != c.packets {
			t.Errorf("%d packets came, want %d", came, c.packets)
		}
		if stats := l.Stats(); segments && stats.Messages != uint64(c.messages) {
			t.Errorf("%d packets of %d bytes left in %d messages, want %d", c.packets, c.size, stats.Messages, c.messages)
		}
		if outlet.to.Load().single.Load() == segments {
			t.Errorf("%d packets of %d bytes were refused", c.packets, c.size)
		}
	}
}

// Reports come as compound packets that name the stream's source.
func TestReportsArrive(t *testing.T) {
	everywhere(t, func(t *testing.T, profile srtp.ProtectionProfile, address string) {
		outlet, s := session(t, profile, address)
		outlet.To(0, s.addr())
		l, sender := lane(t, address), outlet.NewSender(0, nil)
		for i := range uint32(3) {
			want := fanout.SenderReport{SSRC: videoSSRC, NTPTime: 1<<63 | 5, RTPTime: 1<<31 | 7, Packets: 100 + i, Octets: 1 << 30}
			sender.Report(l, want)
			l.Flush()
			plain, err := s.context.DecryptRTCP(nil, s.datagram(), nil)
			must(t, err)
			packets, err := rtcp.Unmarshal(plain)
			must(t, err)
			must(t, rtcp.CompoundPacket(packets).Validate())
			report := packets[0].(*rtcp.SenderReport)
			got := fanout.SenderReport{
				SSRC: report.SSRC, NTPTime: report.NTPTime, RTPTime: report.RTPTime,
				Packets: report.PacketCount, Octets: report.OctetCount,
			}
			if got != want || len(report.Reports) != 0 {
				t.Errorf("got %+v, want %+v", report, want)
			}
			chunk := packets[1].(*rtcp.SourceDescription).Chunks[0]
			if chunk.Source != videoSSRC || len(chunk.Items) != 1 || chunk.Items[0].Text != "rostrum" {
				t.Errorf("the source is described as %+v", chunk)
			}
		}
	})
}
