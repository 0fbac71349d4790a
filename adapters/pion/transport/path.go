package transport

import (
	"net/netip"

	"github.com/pion/ice/v4"

	"rostrum/domain"
)

// Path is where media goes to and comes from. Where Direct, it leaves from the
// network's socket of that index to Remote; otherwise, over TCP, through Conn.Write.
type Path struct {
	Direct bool
	Socket int
	Remote netip.AddrPort
}

// stateChanged tells what ICE's state means for the connection. pion calls it from
// a goroutine of its own, one state after another.
func (c *Conn) stateChanged(state ice.ConnectionState) {
	switch state {
	case ice.ConnectionStateConnected:
		c.consent.Stop()
	case ice.ConnectionStateDisconnected:
		c.mu.Lock()
		if !c.over {
			c.consent.Reset(consentTimeout - iceQuiet)
		}
		c.mu.Unlock()
	case ice.ConnectionStateFailed:
		if c.isConnected() {
			c.end(domain.EndedBySilence)
		} else {
			c.end(domain.EndedUnconnected)
		}
	default:
	}
}

// end tells, once, that the connection is over.
func (c *Conn) end(reason domain.EndReason) {
	c.mu.Lock()
	was := c.over
	if c.over = true; !was {
		c.loops.Add(1) // Close waits for what is being told
	}
	c.mu.Unlock()
	if !was {
		defer c.loops.Done()
		c.handler.Ended(reason)
	}
}

// move follows the pair that ICE has selected.
func (c *Conn) move() {
	pair, err := c.agent.GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return // closed, or between two ICE sessions: the old path goes on
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	if path := c.network.pathOf(pair); path != c.path || !path.Direct {
		c.follow(path)
		c.handler.Moved(path)
	}
}

// follow has the sockets pass media of a path on, and no other any more. Called
// with mu held or when the connection is over.
func (c *Conn) follow(path Path) {
	if c.path.Direct {
		c.network.sockets[c.path.Socket].Detach(c.path.Remote, c)
	}
	if path.Direct {
		c.network.sockets[path.Socket].Attach(path.Remote, c)
	}
	c.path = path
}

// pathOf returns the path of a pair. Behind a public address it is the first socket of
// the family, since pion announces no other.
func (n *Network) pathOf(pair *ice.CandidatePair) Path {
	remote, err := netip.ParseAddr(pair.Remote.Address())
	if err != nil || pair.Local.NetworkType().IsTCP() {
		return Path{}
	}
	remote = remote.Unmap()
	path := Path{Remote: netip.AddrPortFrom(remote, uint16(pair.Remote.Port()))} //nolint:gosec // a port
	for i, place := range n.places {
		if place.Addr().String() == pair.Local.Address() {
			path.Direct, path.Socket = true, i
			return path
		}
		if !path.Direct && place.Addr().Is4() == remote.Is4() {
			path.Direct, path.Socket = true, i
		}
	}
	return path
}

// selectedPair returns the addresses of the pair that ICE has selected, "" if there
// is none now.
func (c *Conn) selectedPair() string {
	pair, err := c.agent.GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return ""
	}
	return pair.Local.NetworkType().NetworkShort() + " " + pair.Local.Address() + " " + pair.Remote.Address()
}
