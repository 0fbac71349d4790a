package transport

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/socket"
	"rostrum/domain"
)

// How long peers are waited for.
const (
	icePatience    = 40 * time.Second       // before ICE is called failed (RFC 8863 §4 recommends 39.5 s)
	connectTimeout = 45 * time.Second       // for ICE and DTLS, also for a peer that stops in mid-handshake
	iceQuiet       = 5 * time.Second        // before silence is taken note of
	handshakeGrace = time.Second            // for a handshake that is under way when its session ends
	tcpLinger      = 100 * time.Millisecond // for what was said last to leave
	consentTimeout = 30 * time.Second       // of silence, before consent has expired (RFC 7675 §5.1)
)

// Handler hears of a connection's life and takes its media. Connected, Moved and
// Ended are called one after another and not once Close has returned; media may come
// before Connected, and is then still to be dropped or kept.
type Handler interface {
	socket.Receiver

	// Connected is called once, when ICE and DTLS are up.
	Connected(profile srtp.ProtectionProfile, keys srtp.SessionKeys)
	// Moved is called before Connected and whenever ICE selects another pair: media
	// goes by path from now on.
	Moved(path Path)
	// Ended is called once, last, when the connection is over without Close.
	Ended(reason domain.EndReason)
}

// Conn is one peer's connection. It owns its ICE agent and DTLS connection and all
// their goroutines; Close ends them.
type Conn struct {
	network *Network
	agent   *ice.Agent
	handler Handler
	since   time.Time
	loops   sync.WaitGroup
	cancel  context.CancelFunc // ends a handshake
	context context.Context    //nolint:containedctx // it is the connection's life, not a call's

	closed   chan struct{}            // closed by Close
	gathered chan struct{}            // has a value when gathering may be complete
	settled  chan struct{}            // closed when the handshake is over, either way
	phase    atomic.Value             // string: of DTLS
	first    atomic.Value             // string: the pair that was selected when it connected, or before
	ice      atomic.Pointer[ice.Conn] // set by Start
	vitals   vitals

	mu      sync.Mutex // orders events; held while one is told
	over    bool
	dtls    *dtls.Conn // set when the handshake begins
	path    Path
	timeout *time.Timer // to connect
	consent *time.Timer // runs while the peer is silent
}

// Open returns a connection that has not heard of its peer yet. Consent of the
// peer is checked at that interval.
func (n *Network) Open(handler Handler, checks time.Duration) (*Conn, error) {
	agent, err := ice.NewAgentWithOptions(n.options(checks)...)
	if err != nil {
		return nil, fmt.Errorf("open an ICE agent: %w", err)
	}
	c := &Conn{network: n, agent: agent, handler: handler, since: time.Now(), closed: make(chan struct{}), gathered: make(chan struct{}, 1), settled: make(chan struct{})}
	c.context, c.cancel = context.WithTimeout(context.Background(), connectTimeout)
	c.phase.Store(phaseNew)
	c.first.Store("")
	c.vitals.heardAt.Store(c.since.UnixNano())
	c.consent = time.AfterFunc(consentTimeout-iceQuiet, func() { c.end(domain.EndedBySilence) })
	c.consent.Stop()
	c.timeout = time.AfterFunc(connectTimeout, func() {
		if !c.isConnected() {
			c.end(domain.EndedUnconnected)
		}
	})
	_ = agent.OnConnectionStateChange(c.stateChanged)                              // none of the three
	_ = agent.OnSelectedCandidatePairChange(func(_, _ ice.Candidate) { c.move() }) // ever fails
	_ = agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			select {
			case c.gathered <- struct{}{}:
			default: // it has one
			}
		}
	})
	return c, nil
}

// Local is this side of an ICE session: credentials, and every candidate there is,
// as SDP has them, without "candidate:" (RFC 8839 §5.1).
type Local struct {
	Ufrag, Pwd string
	Candidates []string
}

// Remote is the peer as its offer tells it.
type Remote struct {
	Ufrag, Pwd string
	Candidates []string // as in Local; those that cannot be used are passed over
	Lite       bool     // RFC 8445 §2.5
	Active     bool     // it begins the DTLS handshake (a=setup, RFC 8842 §5.2)

	// Trusts reports whether a certificate, in DER, is the peer's (RFC 8827 §6.5).
	Trusts func(der []byte) bool
}

// Gather returns this side's credentials and candidates. It fails when ctx or the
// connection ends.
func (c *Conn) Gather(ctx context.Context) (Local, error) {
	if err := c.agent.GatherCandidates(); err != nil {
		return Local{}, fmt.Errorf("gather candidates: %w", err)
	}
	if err := c.waitForCandidates(ctx); err != nil {
		return Local{}, err
	}
	ufrag, pwd, err := c.agent.GetLocalUserCredentials()
	if err != nil {
		return Local{}, fmt.Errorf("ICE credentials: %w", err)
	}
	candidates, err := c.agent.GetLocalCandidates()
	if err != nil {
		return Local{}, fmt.Errorf("ICE candidates: %w", err)
	}
	local := Local{Ufrag: ufrag, Pwd: pwd}
	for _, candidate := range candidates {
		if text := candidate.Marshal(); !slices.Contains(local.Candidates, text) {
			local.Candidates = append(local.Candidates, text)
		}
	}
	return local, nil
}

// waitForCandidates waits until gathering is complete. What it is woken by can be the
// end of a gathering that was given up.
func (c *Conn) waitForCandidates(ctx context.Context) error {
	for {
		select {
		case <-c.gathered:
		case <-c.closed:
			return ice.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
		state, err := c.agent.GetGatheringState()
		if err != nil {
			return fmt.Errorf("gather candidates: %w", err)
		}
		if state == ice.GatheringStateComplete {
			return nil
		}
	}
}

// Start connects to the peer. It returns at once; the handler hears how it went.
func (c *Conn) Start(remote Remote) error {
	if err := c.agent.SetRemoteICELite(remote.Lite); err != nil {
		return fmt.Errorf("start ICE: %w", err)
	}
	start := c.agent.StartAccept
	if remote.Lite {
		start = c.agent.StartDial // the full side controls (RFC 8445 §6.1.1)
	}
	conn, err := start(remote.Ufrag, remote.Pwd)
	if err != nil {
		return fmt.Errorf("start ICE: %w", err)
	}
	c.ice.Store(conn)
	for _, candidate := range remote.Candidates {
		c.AddCandidate(candidate)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return ice.ErrClosed
	}
	c.loops.Go(func() { c.run(conn, remote) })
	return nil
}

// AddCandidate adds a candidate of the peer. One that cannot be used, of another
// transport or a name that does not resolve, is dropped without a word (RFC 9725
// §4.3.2).
func (c *Conn) AddCandidate(text string) {
	if candidate, err := ice.UnmarshalCandidate(text); err == nil {
		_ = c.agent.AddRemoteCandidate(candidate) // an agent that is closed needs none
	}
}

// Tell runs an event of a connection that is not over, in order with the handler's.
func (c *Conn) Tell(event func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		event()
	}
}

// Restart begins a new ICE session with the peer's new credentials and returns
// this side's (RFC 8445 §9). DTLS stays. Media goes the old path until there is a new
// one; over TCP it is lost for that long.
func (c *Conn) Restart(ctx context.Context, ufrag, pwd string) (Local, error) {
	if err := c.agent.Restart("", ""); err != nil {
		return Local{}, fmt.Errorf("restart ICE: %w", err)
	}
	if err := c.agent.SetRemoteCredentials(ufrag, pwd); err != nil {
		return Local{}, fmt.Errorf("restart ICE: %w", err)
	}
	return c.Gather(ctx)
}

// Write sends a packet to the peer by the pair that ICE has selected. It may be
// called from any goroutine once Start has returned; what cannot be sent is lost.
func (c *Conn) Write(packet []byte) (int, error) { return c.ice.Load().Write(packet) }

// Close ends the connection, once, telling the peer by DTLS close_notify, and waits for
// all of its goroutines. No event comes from it.
func (c *Conn) Close() {
	c.mu.Lock()
	c.over = true
	close(c.closed)
	c.timeout.Stop()
	c.consent.Stop()
	shaking := c.dtls
	c.mu.Unlock()
	if shaking != nil {
		c.waitForHandshake()
		_ = shaking.Close() // whatever it could not send, the peer is gone
		c.linger()
	}
	c.cancel()
	c.follow(Path{})
	_ = c.agent.GracefulClose() // it has nothing to lose
	c.loops.Wait()
}

// linger gives what was said last over TCP the time to leave: pion drops what it has
// not written yet when it closes such a connection.
func (c *Conn) linger() {
	c.mu.Lock()
	waits := c.isConnected() && !c.path.Direct
	c.mu.Unlock()
	if waits {
		time.Sleep(tcpLinger)
	}
}

// waitForHandshake gives a handshake that is under way the time to end: until then
// close_notify cannot be said, and the peer, whose side may be done, would hang
// until its consent expires.
func (c *Conn) waitForHandshake() {
	select {
	case <-c.settled:
	case <-time.After(handshakeGrace):
	}
}

// IsOver reports whether the connection has ended, by either side.
func (c *Conn) IsOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}
