package transport_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"net"
	"slices"
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/ice/v4"

	"rostrum/adapters/pion/transport"
)

// far is a peer made of pion's parts: an ICE agent on loopback, and DTLS when it is
// told to. It is closed with the test.
type far struct {
	*testing.T
	agent       *ice.Agent
	lite        bool
	certificate tls.Certificate
	conn        *ice.Conn
	secured     *dtls.Conn
	media       chan []byte // what comes that is not DTLS
}

// newFar returns a peer that uses these networks and no others.
func newFar(t *testing.T, networks []ice.NetworkType, options ...ice.AgentOption) *far {
	t.Helper()
	options = append([]ice.AgentOption{
		ice.WithNetworkTypes(networks),
		ice.WithIncludeLoopback(),
		ice.WithInterfaceFilter(func(name string) bool { return name == "lo" }),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled),
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}),
	}, options...)
	agent, err := ice.NewAgentWithOptions(options...)
	if err != nil {
		t.Fatal(err)
	}
	f := &far{T: t, agent: agent, media: make(chan []byte, 16)}
	t.Cleanup(f.close)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if f.certificate, err = selfsign.SelfSign(key); err != nil {
		t.Fatal(err)
	}
	return f
}

// remote returns the peer as its offer would tell it. It has gathered then.
func (f *far) remote() transport.Remote {
	f.Helper()
	gathered := make(chan struct{})
	if err := f.agent.OnCandidate(func(c ice.Candidate) {
		if c == nil {
			close(gathered)
		}
	}); err != nil {
		f.Fatal(err)
	}
	if err := f.agent.GatherCandidates(); err != nil {
		f.Fatal(err)
	}
	<-gathered
	ufrag, pwd, err := f.agent.GetLocalUserCredentials()
	if err != nil {
		f.Fatal(err)
	}
	candidates, err := f.agent.GetLocalCandidates()
	if err != nil {
		f.Fatal(err)
	}
	r := transport.Remote{Ufrag: ufrag, Pwd: pwd, Lite: f.lite, Active: true, Trusts: f.owns}
	for _, c := range candidates {
		r.Candidates = append(r.Candidates, c.Marshal())
	}
	return r
}

// owns reports whether a certificate is the peer's.
func (f *far) owns(der []byte) bool { return slices.Equal(der, f.certificate.Certificate[0]) }

// meet connects to what the answer would tell, by ICE.
func (f *far) meet(local transport.Local) {
	f.Helper()
	for _, text := range local.Candidates {
		candidate, err := ice.UnmarshalCandidate(text)
		if err != nil {
			f.Fatalf("candidate %q: %v", text, err)
		}
		if err := f.agent.AddRemoteCandidate(candidate); err != nil {
			f.Fatal(err)
		}
	}
	begin := f.agent.StartDial
	if f.lite {
		begin = f.agent.StartAccept
	}
	conn, err := begin(local.Ufrag, local.Pwd)
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(f.Context(), patience)
	defer cancel()
	if err := f.agent.AwaitConnect(ctx); err != nil {
		f.Fatalf("ICE: %v", err)
	}
	f.conn = conn
}

// close ends what has begun. Closing again does nothing.
func (f *far) close() {
	if f.secured != nil {
		_ = f.secured.Close() // the other side may have closed it
	}
	_ = f.agent.GracefulClose() // likewise
}

// profiles are what the peer offers.
var profiles = []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM}

// shake makes the DTLS handshake, as the client or as the server.
func (f *far) shake(asClient bool) (*dtls.Conn, error) {
	f.Helper()
	var secured *dtls.Conn
	var err error
	socket := datagrams{f.conn, f.media}
	if asClient {
		secured, err = dtls.ClientWithOptions(socket, f.conn.RemoteAddr(), dtls.WithCertificates(f.certificate),
			dtls.WithSRTPProtectionProfiles(profiles...), dtls.WithInsecureSkipVerify(true))
	} else {
		secured, err = dtls.ServerWithOptions(socket, f.conn.RemoteAddr(), dtls.WithCertificates(f.certificate),
			dtls.WithSRTPProtectionProfiles(profiles...), dtls.WithClientAuth(dtls.RequireAnyClientCert))
	}
	if err != nil {
		f.Fatal(err)
	}
	f.secured = secured
	ctx, cancel := context.WithTimeout(f.Context(), patience)
	defer cancel()
	return secured, secured.HandshakeContext(ctx)
}

// datagrams is an ICE connection as DTLS wants it.
type datagrams struct {
	*ice.Conn
	media chan<- []byte
}

func (d datagrams) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, err := d.Read(b)
		if err != nil || n == 0 || b[0] < 128 || b[0] > 191 { // RFC 7983 §7
			return n, d.RemoteAddr(), err
		}
		d.media <- slices.Clone(b[:n])
	}
}

func (d datagrams) WriteTo(b []byte, _ net.Addr) (int, error) { return d.Write(b) }

// Close leaves the ICE connection open, since its agent closes it.
func (datagrams) Close() error { return nil }
