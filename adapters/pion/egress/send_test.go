package egress

import (
	"bytes"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/fanout"
)

// everywhere runs a test over IPv4 and IPv6, in every profile.
func everywhere(t *testing.T, test func(t *testing.T, profile srtp.ProtectionProfile, address string)) {
	t.Helper()
	for _, address := range []string{"127.0.0.1", "::1"} {
		for _, profile := range profiles {
			t.Run(profile.String()+" to "+address, func(t *testing.T) { test(t, profile, address) })
		}
	}
}

// compare holds what came against what was sent.
func compare(t *testing.T, got *rtp.Packet, want *fanout.Packet) {
	t.Helper()
	if got.SequenceNumber != uint16(want.Sequence) || got.Timestamp != want.Timestamp || got.Marker != want.Marker ||
		got.SSRC != videoSSRC || got.PayloadType != videoType || got.Version != 2 {
		t.Errorf("packet %d came with the header %+v", want.Sequence, got.Header)
	}
	if !bytes.Equal(got.Payload, want.Payload) {
		t.Errorf("packet %d came with another payload: %d bytes, want %d", want.Sequence, len(got.Payload), len(want.Payload))
	}
}

// Bursts of all kinds of sizes arrive whole and in order, across the roll-over of the
// sequence number.
func TestBurstsArrive(t *testing.T) {
	everywhere(t, func(t *testing.T, profile srtp.ProtectionProfile, address string) {
		outlet, s := session(t, profile, address)
		outlet.To(0, s.addr())
		l, sender := lane(t, address), outlet.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType})
		next := uint64(65_500)
		for _, all := range [][]int{
			{700}, {0}, {0, 0, 1}, sizes(9, 1_188), append(sizes(8, 1_188), 600),
			{1_187, 1_188, 1_187, 1_180, 40, 1_200, 1_100}, sizes(130, 100), sizes(60, 1_188),
		} {
			burst := frame(next, all...)
			next += uint64(len(all))
			sender.Send(l, video, burst)
			l.Flush()
			for _, p := range burst {
				compare(t, s.rtp(), p)
			}
		}
		if more := s.rest(); len(more) > 0 {
			t.Errorf("%d packets too many came", len(more))
		}
		if stats := l.Stats(); stats.Packets != next-65_500 || stats.Dropped() != 0 || outlet.Dropped() != 0 {
			t.Errorf("%d packets left, %d were dropped, want %d and none", stats.Packets, stats.Dropped(), next-65_500)
		}
	})
}

// The roll-over counter is what IndexOf says, up to its last value.
func TestRollOverCounterNearItsEnd(t *testing.T) {
	everywhere(t, func(t *testing.T, profile srtp.ProtectionProfile, address string) {
		outlet, s := session(t, profile, address)
		outlet.To(0, s.addr())
		const last = 1<<48 - 1
		s.context.SetROC(videoSSRC, last>>16-1)
		burst := frame(last-65_540, sizes(10, 1_000)...)
		burst = append(burst, frame(last-9, sizes(10, 1_000)...)...)
		l := lane(t, address)
		outlet.NewSender(0, nil).Send(l, video, burst)
		l.Flush()
		for _, p := range burst {
			s.context.SetROC(videoSSRC, uint32(p.Sequence>>16))
			compare(t, s.rtp(), p)
		}
	})
}

// Near-equal packets are of one size on the wire, and as they were when they come.
func TestPaddingMakesOneMessage(t *testing.T) {
	outlet, s := session(t, gcm128, "127.0.0.1")
	outlet.To(0, s.addr())
	l := lane(t, "127.0.0.1")
	burst := frame(1, 1_187, 1_188, 1_172, 1_188, 1_180)
	outlet.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType}).Send(l, video, burst)
	l.Flush()
	for i, p := range burst {
		sealed := s.datagram()
		if want := 1_188 + headerSize + 16; i < 4 && len(sealed) != want || i == 4 && len(sealed) != want-8 {
			t.Errorf("packet %d left with %d bytes", i, len(sealed))
		}
		compare(t, s.open(sealed), p)
	}
	if stats := l.Stats(); stats.Packets != 5 || segments && stats.Messages != 1 {
		t.Errorf("%d packets left in %d messages, want 5 in one", stats.Packets, stats.Messages)
	}
}

// Where a packet might be sent again under its number, it leaves as it is: two
// different packets under one nonce would give the key away.
func TestNoPaddingWithoutRetransmissionStream(t *testing.T) {
	outlet, s := session(t, gcm128, "127.0.0.1")
	outlet.To(0, s.addr())
	l, sender := lane(t, "127.0.0.1"), outlet.NewSender(0, map[uint8]uint8{videoType: rtxType})
	burst := frame(1, 1_187, 1_188, 1_187, 1_188)
	sender.Send(l, video, burst)
	for _, p := range burst {
		sender.Resend(l, video, p)
	}
	l.Flush()
	first := make([][]byte, len(burst))
	for i := range burst {
		first[i] = s.datagram()
		compare(t, s.open(first[i]), burst[i])
	}
	for i := range burst {
		if !bytes.Equal(s.datagram(), first[i]) {
			t.Errorf("packet %d was sent again with other bytes", i)
		}
	}
}
