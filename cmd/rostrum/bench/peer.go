package bench

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/srtp/v3"
)

const (
	disconnectedAfter = 10 * time.Second
	failedAfter       = 20 * time.Second
	keepAlive         = 2 * time.Second // as browsers do
	flightInterval    = 250 * time.Millisecond
)

// peer is the connection of one subscriber: ICE over its socket, and DTLS for the keys.
type peer struct {
	agent *ice.Agent
	line  *dtls.Conn // nil before shakeHands
}

// newPeer gathers the one candidate there is.
func newPeer(r *receiver) (*peer, credentials, error) {
	agent, err := ice.NewAgentWithOptions(
		ice.WithUDPMux(ownSocket{r.stun}), ice.WithNetworkTypes([]ice.NetworkType{ice.NetworkTypeUDP4}),
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}), ice.WithIncludeLoopback(),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled), ice.WithLoggerFactory(quiet()),
		ice.WithDisconnectedTimeout(disconnectedAfter), ice.WithFailedTimeout(failedAfter), ice.WithKeepaliveInterval(keepAlive),
	)
	if err != nil {
		return nil, credentials{}, err
	}
	p := &peer{agent: agent}
	gathered := make(chan struct{})
	err = agent.OnCandidate(func(c ice.Candidate) {
		if c == nil {
			close(gathered)
		}
	})
	if err == nil {
		err = agent.GatherCandidates()
	}
	if err != nil {
		return nil, credentials{}, errors.Join(err, p.close())
	}
	<-gathered
	ufrag, password, err := agent.GetLocalUserCredentials()
	if err != nil {
		return nil, credentials{}, errors.Join(err, p.close())
	}
	return p, credentials{ufrag, password}, nil
}

// connect finds the way to the server and shakes hands. It blocks until keys are there, or ctx ends.
func (p *peer) connect(ctx context.Context, r *receiver, a answer, certificate tls.Certificate) (*keys, error) {
	for _, text := range a.candidates {
		candidate, err := ice.UnmarshalCandidate(text)
		if err != nil || candidate.NetworkType() != ice.NetworkTypeUDP4 || candidate.Component() != ice.ComponentRTP {
			continue
		}
		if err := p.agent.AddRemoteCandidate(candidate); err != nil {
			return nil, err
		}
	}
	way, err := p.agent.Dial(ctx, a.ufrag, a.password)
	if err != nil {
		return nil, fmt.Errorf("the server took the offer, but its media port does not answer: %w", err)
	}
	if err := p.shakeHands(ctx, r, way.RemoteAddr(), a, certificate); err != nil {
		return nil, err
	}
	return p.takeKeys(way.RemoteAddr(), !a.active)
}

// shakeHands is DTLS, as the side that the answer leaves to us; the certificate must be the answer's (RFC 8827 §6.5).
func (p *peer) shakeHands(ctx context.Context, r *receiver, server net.Addr, a answer, certificate tls.Certificate) (err error) {
	both := []dtls.Option{
		dtls.WithCertificates(certificate), dtls.WithInsecureSkipVerify(true), dtls.WithLoggerFactory(quiet()),
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithFlightInterval(flightInterval), dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithVerifyConnection(func(state *dtls.State) error {
			if len(state.PeerCertificates) == 0 || !strings.EqualFold(fingerprint(state.PeerCertificates[0]), a.fingerprint) {
				return errors.New("the server's certificate is not the one of its answer")
			}
			return nil
		}),
	}
	if a.active {
		options := []dtls.ServerOption{dtls.WithClientAuth(dtls.RequireAnyClientCert)}
		for _, o := range both {
			options = append(options, o)
		}
		p.line, err = dtls.ServerWithOptions(r.dtls, server, options...)
	} else {
		var options []dtls.ClientOption
		for _, o := range both {
			options = append(options, o)
		}
		p.line, err = dtls.ClientWithOptions(r.dtls, server, options...)
	}
	if err == nil {
		err = p.line.HandshakeContext(ctx)
	}
	if err != nil {
		return fmt.Errorf("the DTLS handshake failed: %w", err)
	}
	return nil
}

// takeKeys makes SRTP of the handshake (RFC 5764).
func (p *peer) takeKeys(server net.Addr, client bool) (*keys, error) {
	state, ok := p.line.ConnectionState()
	profile, chosen := p.line.SelectedSRTPProtectionProfile()
	address, udp := server.(*net.UDPAddr)
	if !ok || !chosen || !udp {
		return nil, errors.New("the server chose no SRTP profile")
	}
	config := srtp.Config{Profile: srtp.ProtectionProfile(profile)}
	if err := config.ExtractSessionKeysFromDTLS(&state, client); err != nil {
		return nil, err
	}
	in, err := srtp.CreateContext(config.Keys.RemoteMasterKey, config.Keys.RemoteMasterSalt, config.Profile)
	if err != nil {
		return nil, err
	}
	out, err := srtp.CreateContext(config.Keys.LocalMasterKey, config.Keys.LocalMasterSalt, config.Profile)
	if err != nil {
		return nil, err
	}
	return &keys{in: in, out: out, server: address.AddrPort(), ssrc: rand.Uint32()}, nil //nolint:gosec // an SSRC
}

// close says goodbye and waits for everything that ran. The socket stays open.
func (p *peer) close() error {
	var err error
	if p.line != nil {
		err = p.line.Close()
	}
	return errors.Join(err, p.agent.GracefulClose())
}

// quiet is for pion's parts: what matters comes back as an error.
func quiet() logging.LoggerFactory {
	return &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}
}
