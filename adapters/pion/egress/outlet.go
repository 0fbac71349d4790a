package egress

import (
	"io"
	"math/rand/v2"
	"net/netip"
	"sync/atomic"

	"github.com/pion/srtp/v3"
)

// Outlet is one subscriber's connection as seen from here, shared by its legs'
// senders: what seals for it, and where it is reached. Its methods may be called from
// any goroutine.
type Outlet struct {
	sealer  sealer
	to      atomic.Pointer[destination] // nil: nowhere yet
	dropped atomic.Uint64
}

// NewOutlet returns the outlet of a connection for which a profile and our side's
// master key and salt were agreed upon. Whatever is sent through it is dropped and
// counted until To or Through say where to. Keys must never be given to two outlets:
// that would use their nonces twice (RFC 7714 §10.1).
func NewOutlet(profile srtp.ProtectionProfile, masterKey, masterSalt []byte) (*Outlet, error) {
	s, err := newSealer(profile, masterKey, masterSalt)
	if err != nil {
		return nil, err
	}
	return &Outlet{sealer: s}, nil
}

// To has everything leave by UDP from now on, for an address, through that socket of
// the sending lane: an index into what NewLane was given. A path that has refused
// segmentation is tried anew. It never blocks.
func (o *Outlet) To(socket int, addr netip.AddrPort) {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()) // IPv4 sockets take nothing else
	d := &destination{outlet: o, socket: socket, addr: addr, name: nameOf(addr)}
	d.single.Store(!segments)
	o.to.Store(d)
}

// Through has everything leave packet by packet through w from now on. Workers call
// w.Write, several of them at once if the subscriber has several legs: it must not
// block longer than a worker may stand still, and must not retain its argument.
func (o *Outlet) Through(w io.Writer) {
	o.to.Store(&destination{outlet: o, writer: w})
}

// Dropped returns how many packets could not be sent.
func (o *Outlet) Dropped() uint64 { return o.dropped.Load() }

// NewSender returns the sender of a leg. No two may have a leg's SSRC or rtxSSRC in
// common, since an SSRC's numbers must come from one place. Retransmissions leave under rtxSSRC and the payload type that
// rtx has for the original's (RFC 4588); where it has none, or rtxSSRC is 0, as they
// were.
func (o *Outlet) NewSender(rtxSSRC uint32, rtx map[uint8]uint8) *Sender {
	s := &Sender{outlet: o, rtxSSRC: rtxSSRC}
	if rtxSSRC != 0 {
		for original, pt := range rtx {
			s.rtx[original&0x7f] = pt
		}
	}
	s.rtxIndex = rand.Uint64N(1 << 15) //nolint:gosec // no secret: it leaves in the clear
	return s
}

// destination is where an outlet's packets go. It is replaced as a whole.
type destination struct {
	outlet *Outlet
	socket int
	addr   netip.AddrPort // not valid: through the writer
	name   []byte         // the kernel's form of it
	writer io.Writer
	single atomic.Bool // no segmentation on the way there
}

// drop counts packets that will not reach the destination.
func (d *destination) drop(packets int) {
	d.outlet.dropped.Add(uint64(packets)) //nolint:gosec // a count
}
