package doctor

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net"
	"testing"

	"github.com/pion/turn/v5"

	"rostrum/cmd/rostrum/config"
)

const turnSecret = "s3cr3t-of-the-relay"

// startRelay starts a STUN and TURN server that shares turnSecret, by UDP and TCP.
func startRelay(t *testing.T) (udp, tcp string) {
	t.Helper()
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	relays := &turn.RelayAddressGeneratorStatic{RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1"}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "rostrum", LoggerFactory: silent(),
		AuthHandler: func(r *turn.RequestAttributes) (string, []byte, bool) {
			mac := hmac.New(sha1.New, []byte(turnSecret))
			mac.Write([]byte(r.Username))
			return r.Username, turn.GenerateAuthKey(r.Username, r.Realm, base64.StdEncoding.EncodeToString(mac.Sum(nil))), true
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: socket, RelayAddressGenerator: relays}},
		ListenerConfigs:   []turn.ListenerConfig{{Listener: listener, RelayAddressGenerator: relays}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return socket.LocalAddr().String(), listener.Addr().String()
}

func TestICEServers(t *testing.T) {
	udp, tcp := startRelay(t)
	silent, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	shared := config.ICEServer{Secret: turnSecret}
	for name, c := range map[string]struct {
		server config.ICEServer
		url    string
		wants
	}{
		"STUN":              {config.ICEServer{}, "stun:" + udp, wants{OK, "it sees this machine at 127.0.0.1", ""}},
		"STUN, silent":      {config.ICEServer{}, "stun:" + silent.LocalAddr().String(), wants{Fail, "does not answer", "firewall"}},
		"STUN, nobody":      {config.ICEServer{}, "stun:127.0.0.1:1", wants{Fail, "does not answer", "firewall"}},
		"STUN by TLS, none": {config.ICEServer{}, "stuns:" + silentServer(t), wants{Fail, "cannot be reached", "webrtc.ice_servers"}},
		"TURN":              {shared, "turn:" + udp, wants{OK, "gives a relay at 127.0.0.1:", ""}},
		"TURN by TCP":       {shared, "turn:" + tcp + "?transport=tcp", wants{OK, "gives a relay at 127.0.0.1:", ""}},
		"TURN, wrong":       {config.ICEServer{Secret: "s3cr3t-of-another"}, "turn:" + udp, wants{Fail, "refuses the credentials", "webrtc.ice_servers"}},
		"TURN, password":    {config.ICEServer{Username: "ann", Credential: "s3cr3t"}, "turn:" + udp, wants{Fail, "refuses the credentials", "webrtc.ice_servers"}},
		"TURN, nobody":      {shared, "turn:127.0.0.1:1?transport=tcp", wants{Fail, "connection refused", "webrtc.ice_servers"}},
		"TURN by DTLS":      {shared, "turns:127.0.0.1:1?transport=udp", wants{Warn, "DTLS", "browser"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t, see(t, iceServer(c.server, c.url), "s3cr3t"))
		})
	}
}
