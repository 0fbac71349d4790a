package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/pion/dtls/v3"
	dtlsnet "github.com/pion/dtls/v3/pkg/net"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/transport/v5/packetio"
)

// dtlsLine is the DTLS part of a wire, as a connection.
type dtlsLine struct {
	*packetio.Buffer
	w *wire
}

var _ net.Conn = dtlsLine{}

func (d dtlsLine) Read(b []byte) (int, error) {
	n, _, err := d.Buffer.Read(b, nil)
	return n, err
}

func (d dtlsLine) Write(b []byte) (int, error) {
	d.w.send(b)
	return len(b), nil
}

func (d dtlsLine) Close() error                     { return nil } // the wire closes it
func (d dtlsLine) LocalAddr() net.Addr              { return &net.UDPAddr{} }
func (d dtlsLine) RemoteAddr() net.Addr             { return &net.UDPAddr{} }
func (d dtlsLine) SetDeadline(t time.Time) error    { return d.SetReadDeadline(t) }
func (d dtlsLine) SetWriteDeadline(time.Time) error { return nil }

// connectDTLS shakes hands, as the side that the answer leaves to us, and makes sure
// that the server's certificate is the answer's.
func (w *wire) connectDTLS(a *description, limit time.Duration) error {
	conn, err := w.dtlsConn(a.setup() == "passive")
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.secure = conn
	w.mu.Unlock()
	ctx, cancel := context.WithTimeout(w.t.Context(), limit)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	state, ok := conn.ConnectionState()
	if !ok {
		return errors.New("DTLS has no state")
	}
	sum := sha256.Sum256(state.PeerCertificates[0])
	if said := strings.ToLower(strings.ReplaceAll(a.fingerprint(), ":", "")); said != "sha-256 "+hex.EncodeToString(sum[:]) {
		return errors.New("the server's certificate is not the one of its answer")
	}
	if err := w.takeKeys(&state, conn, a.setup() == "passive"); err != nil {
		return err
	}
	w.begin(func() {
		_, _ = conn.Read(make([]byte, 2048)) // nothing is sent here: it ends with the connection
		close(w.bye)
	})
	return nil
}

func (w *wire) dtlsConn(client bool) (*dtls.Conn, error) {
	conn := dtlsnet.PacketConnFromConn(dtlsLine{w.dtls, w})
	profiles := dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	if client {
		return dtls.ClientWithOptions(conn, &net.UDPAddr{}, dtls.WithCertificates(w.cert), dtls.WithInsecureSkipVerify(true), profiles)
	}
	return dtls.ServerWithOptions(conn, &net.UDPAddr{}, dtls.WithCertificates(w.cert), dtls.WithInsecureSkipVerify(true), profiles,
		dtls.WithClientAuth(dtls.RequireAnyClientCert))
}

// takeKeys makes SRTP of the handshake (RFC 5764).
func (w *wire) takeKeys(state *dtls.State, conn *dtls.Conn, client bool) error {
	chosen, ok := conn.SelectedSRTPProtectionProfile()
	if !ok {
		return errors.New("the server chose no SRTP profile")
	}
	config := srtp.Config{Profile: srtp.ProtectionProfile(chosen)}
	if err := config.ExtractSessionKeysFromDTLS(state, client); err != nil {
		return err
	}
	out, err := srtp.CreateContext(config.Keys.LocalMasterKey, config.Keys.LocalMasterSalt, config.Profile)
	if err != nil {
		return err
	}
	in, err := srtp.CreateContext(config.Keys.RemoteMasterKey, config.Keys.RemoteMasterSalt, config.Profile)
	if err != nil {
		return err
	}
	w.openEarly(in)
	w.mu.Lock()
	w.out = out
	w.mu.Unlock()
	return nil
}

// openEarly opens what has come before the keys, and what comes meanwhile, in its
// order.
func (w *wire) openEarly(in *srtp.Context) {
	for {
		w.mu.Lock()
		early := w.early
		w.early = nil
		if len(early) == 0 {
			w.in = in
		}
		w.mu.Unlock()
		if len(early) == 0 {
			return
		}
		for _, packet := range early {
			w.openMedia(in, packet)
		}
	}
}

// hangUp closes DTLS politely, and the rest with it.
func (w *wire) hangUp() {
	w.mu.Lock()
	conn := w.secure
	w.mu.Unlock()
	_ = conn.Close()
	w.close()
}

// sendRTP seals and sends a packet.
func (w *wire) sendRTP(p *rtp.Packet) {
	plain, err := p.Marshal()
	if err != nil {
		w.t.Errorf("marshal RTP: %v", err)
		return
	}
	w.mu.Lock()
	sealed, err := w.out.EncryptRTP(nil, plain, nil)
	w.mu.Unlock()
	if err != nil {
		w.t.Errorf("seal RTP: %v", err)
		return
	}
	w.send(sealed)
}

// sendRTCP seals and sends a compound packet.
func (w *wire) sendRTCP(packets ...rtcp.Packet) {
	plain, err := rtcp.Marshal(packets)
	if err != nil {
		w.t.Errorf("marshal RTCP: %v", err)
		return
	}
	w.mu.Lock()
	sealed, err := w.out.EncryptRTCP(nil, plain, nil)
	w.mu.Unlock()
	if err != nil {
		w.t.Errorf("seal RTCP: %v", err)
		return
	}
	w.send(sealed)
}
