package egress

import "rostrum/adapters/pion/fanout"

var _ fanout.Sender = (*Sender)(nil)

// Sender seals and sends one leg's packets. It is used by one worker at a time, with
// that worker's Lane, and never waits for the subscriber.
//
// A sequence number of a stream must always come with the same packet, since its
// nonce is made of it: what is sent again without RTX is therefore never padded.
type Sender struct {
	outlet   *Outlet
	rtxSSRC  uint32
	rtx      [128]uint8 // payload type of the retransmissions of each; 0: none
	rtxIndex uint64     // of the next retransmission
}

// Send sends a burst in order, in as few messages as its packets' sizes allow. Some
// may grow by up to 16 bytes of padding for that.
func (s *Sender) Send(lane fanout.Lane, stream fanout.Stream, burst []*fanout.Packet) {
	d := s.outlet.to.Load()
	if d == nil {
		s.outlet.dropped.Add(uint64(len(burst)))
		return
	}
	l, overhead, padding := lane.(*Lane), s.outlet.sealer.overhead(), s.padding(stream, d)
	for len(burst) > 0 {
		r := firstRun(burst, overhead, padding)
		last := r.packets - 1
		for _, p := range burst[:last] {
			s.send(l, d, rewritten(stream, p, r.size-len(p.Payload)))
		}
		s.send(l, d, rewritten(stream, burst[last], 0))
		burst = burst[r.packets:]
	}
}

// padding returns by how much a stream's packets may be lengthened: not at all where
// they might be sent again under the same number, or would gain nothing.
func (s *Sender) padding(stream fanout.Stream, d *destination) int {
	if s.rtx[stream.PayloadType&0x7f] == 0 || d.writer != nil || d.single.Load() {
		return 0
	}
	return maxPadding
}

// rewritten returns a packet as the stream has it.
func rewritten(stream fanout.Stream, p *fanout.Packet, padding int) packet {
	return packet{
		index:       stream.Rewrite.IndexOf(p),
		timestamp:   stream.Rewrite.TimestampOf(p),
		ssrc:        stream.SSRC,
		payloadType: stream.PayloadType,
		marker:      p.Marker,
		payload:     p.Payload,
		padding:     padding,
	}
}

// Resend sends a packet again: as RTX under the retransmission stream, with a number
// of its own, else exactly as it was.
func (s *Sender) Resend(lane fanout.Lane, stream fanout.Stream, p *fanout.Packet) {
	d := s.outlet.to.Load()
	if d == nil {
		s.outlet.dropped.Add(1)
		return
	}
	again := rewritten(stream, p, 0)
	if pt := s.rtx[stream.PayloadType&0x7f]; pt != 0 {
		again.repeats, again.original = true, uint16(again.index) //nolint:gosec // the low 16 bits
		again.ssrc, again.payloadType, again.index = s.rtxSSRC, pt, s.rtxIndex
		s.rtxIndex++
	}
	s.send(lane.(*Lane), d, again)
}

// send seals a packet into the lane, or drops and counts it.
func (s *Sender) send(l *Lane, d *destination, p packet) {
	dst := l.room(d, p.size()+s.outlet.sealer.overhead())
	if dst == nil {
		d.drop(1)
		return
	}
	p.header(dst)
	if err := s.outlet.sealer.sealRTP(dst, p.index, p.body(dst), &l.nonce); err != nil {
		d.drop(1)
		return
	}
	l.put(d, dst)
}

// Report sends a sender report with the name that the answer gives the stream.
func (s *Sender) Report(lane fanout.Lane, r fanout.SenderReport) {
	d := s.outlet.to.Load()
	if d == nil {
		s.outlet.dropped.Add(1)
		return
	}
	l := lane.(*Lane)
	l.report = appendReport(l.report[:0], r)
	var err error
	if l.scratch, err = s.outlet.sealer.sealRTCP(l.scratch[:0], l.report); err != nil {
		d.drop(1)
		return
	}
	dst := l.room(d, len(l.scratch))
	copy(dst, l.scratch) // the very same bytes where the lane has no buffer for d
	l.put(d, dst)
}
