package transport

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/socket"
	"rostrum/domain"
)

// dtlsInterval is how long the first flight of a handshake is waited for before it
// is sent again; pion doubles it from there. Clients that begin to listen late,
// FFmpeg among them, lose that much, and a second would be long.
const dtlsInterval = 100 * time.Millisecond

// profiles are the SRTP protection profiles that are served, the cheapest first.
var profiles = []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80}

// How far DTLS has come, as reports say it.
const (
	phaseNew        = "new"
	phaseConnecting = "connecting"
	phaseConnected  = "connected"
	phaseFailed     = "failed"
	phaseClosed     = "closed"
)

// run connects and stays until the connection is over.
func (c *Conn) run(conn *ice.Conn, remote Remote) {
	secured, err := c.handshake(conn, remote)
	if err != nil {
		c.phase.Store(phaseFailed)
		close(c.settled)
		c.end(domain.EndedUnconnected)
		return
	}
	c.phase.Store(phaseConnected)
	close(c.settled)
	if err := c.connected(secured, !remote.Active); err != nil {
		c.end(domain.EndedUnconnected)
		return
	}
	waitForClose(secured)
	c.phase.Store(phaseClosed)
	c.end(domain.EndedByPeer)
}

// waitForClose returns when either side has closed DTLS. Nothing else is said over
// it: data is dropped.
func waitForClose(secured *dtls.Conn) {
	var passing *dtls.TemporaryError
	for {
		if _, err := secured.Read(nil); err != nil && !errors.As(err, &passing) {
			return
		}
	}
}

// handshake secures what ICE finds. A peer that begins before our side of ICE is
// done is heard then: what it has said waits in the ICE connection.
func (c *Conn) handshake(conn *ice.Conn, remote Remote) (*dtls.Conn, error) {
	if err := c.agent.AwaitConnect(c.context); err != nil {
		return nil, err
	}
	c.paired()
	c.phase.Store(phaseConnecting)
	options := []dtls.Option{
		dtls.WithCertificates(c.network.certificate),
		dtls.WithSRTPProtectionProfiles(profiles...),
		dtls.WithInsecureSkipVerify(true), // the fingerprint vouches for it (RFC 8827 §6.5)
		dtls.WithVerifyPeerCertificate(remote.verify),
		dtls.WithFlightInterval(dtlsInterval),
		dtls.WithLoggerFactory(loggerFactory{c.network.log}),
	}
	secured, err := secure(&endpoint{Conn: conn, media: c}, remote.Active, options)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.dtls = secured
	c.mu.Unlock()
	if err := secured.HandshakeContext(c.context); err != nil {
		_ = secured.Close() // it has nothing to lose
		return nil, err
	}
	return secured, nil
}

// paired takes note that ICE has selected a pair. Until DTLS is up it may select a better
// one.
func (c *Conn) paired() {
	c.vitals.pairedAfter.Store(int64(time.Since(c.since)))
	c.first.Store(c.selectedPair())
}

// secure returns a DTLS connection that has not begun.
func secure(e *endpoint, server bool, options []dtls.Option) (*dtls.Conn, error) {
	if !server {
		asClient := make([]dtls.ClientOption, len(options))
		for i, o := range options {
			asClient[i] = o
		}
		return dtls.ClientWithOptions(e, e.RemoteAddr(), asClient...)
	}
	asServer := []dtls.ServerOption{
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		dtls.WithInsecureSkipVerifyHello(true), // ICE has shown that the address is the peer's
	}
	for _, o := range options {
		asServer = append(asServer, o)
	}
	return dtls.ServerWithOptions(e, e.RemoteAddr(), asServer...)
}

// verify makes sure that the certificate is one that the offer has named.
func (r Remote) verify(raw [][]byte, _ [][]*x509.Certificate) error {
	if len(raw) == 0 || !r.Trusts(raw[0]) {
		return errors.New("the peer's certificate is not the one of its offer")
	}
	return nil
}

// connected takes the keys from a handshake and tells the handler, path first.
func (c *Conn) connected(secured *dtls.Conn, asClient bool) error {
	chosen, ok := secured.SelectedSRTPProtectionProfile()
	if !ok {
		return errors.New("no SRTP profile was agreed on")
	}
	state, ok := secured.ConnectionState()
	if !ok {
		return errors.New("the DTLS state cannot be read")
	}
	config := srtp.Config{Profile: srtp.ProtectionProfile(chosen)} // both number them as IANA does
	if err := config.ExtractSessionKeysFromDTLS(&state, asClient); err != nil {
		return err
	}
	c.move()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return context.Canceled
	}
	c.timeout.Stop()
	c.vitals.connectedAfter.Store(int64(time.Since(c.since)))
	c.first.Store(c.selectedPair())
	c.Look()
	c.handler.Connected(config.Profile, config.Keys)
	return nil
}

// endpoint is what DTLS sees of an ICE connection: its records. Media that comes
// this way, over TCP or from an address that is not the selected one, goes on to
// where media goes.
type endpoint struct {
	*ice.Conn
	media socket.Receiver
}

// ReadFrom returns the next record.
func (e *endpoint) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, err := e.Read(p)
		if err != nil || n == 0 || p[0] < 128 || p[0] > 191 { // RFC 7983 §7
			return n, e.RemoteAddr(), err
		}
		e.media.Receive(p[:n])
		e.media.Received()
	}
}

// WriteTo sends a record; there is one peer.
func (e *endpoint) WriteTo(p []byte, _ net.Addr) (int, error) { return e.Write(p) }

// Close leaves the ICE connection to its owner.
func (e *endpoint) Close() error { return nil }
