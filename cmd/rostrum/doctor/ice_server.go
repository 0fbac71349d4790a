package doctor

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // as TURN servers have it
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	"rostrum/cmd/rostrum/config"
)

// firstRetry is when a request is sent again that was not answered; each next one waits
// longer.
const firstRetry = 100 * time.Millisecond

// iceServer asks a STUN server for our address, and a TURN server for a relay, with the
// credentials that clients would be told.
func iceServer(server config.ICEServer, url string) func(context.Context) Result {
	return func(ctx context.Context) Result {
		uri, err := stun.ParseURI(url)
		if err != nil {
			return fail(fmt.Sprintf("%s: %v", url, err), "Correct webrtc.ice_servers.")
		}
		if uri.Scheme == stun.SchemeTypeTURNS && uri.Proto == stun.ProtoTypeUDP {
			return warn(url+" is DTLS, which cannot be tried from here", "Try it in a browser, or list the server with ?transport=tcp as well.")
		}
		ctx, cancel := context.WithTimeout(ctx, askPatience)
		defer cancel()
		conn, err := dialICE(ctx, uri)
		if err != nil {
			return fail(fmt.Sprintf("%s cannot be reached: %v", url, errno(err)), "See whether the server runs, whether host and port in webrtc.ice_servers are its own, and for stuns and turns whether its certificate names that host and is trusted here.")
		}
		defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // ends what waits
		defer func() { _ = conn.Close() }()
		if uri.Scheme == stun.SchemeTypeSTUN || uri.Scheme == stun.SchemeTypeSTUNS {
			return bind(conn, url)
		}
		return relay(conn, server, uri, url)
	}
}

func dialICE(ctx context.Context, uri *stun.URI) (net.Conn, error) {
	address := net.JoinHostPort(uri.Host, strconv.Itoa(uri.Port))
	switch {
	case uri.Scheme == stun.SchemeTypeSTUNS, uri.Scheme == stun.SchemeTypeTURNS:
		return (&tls.Dialer{Config: &tls.Config{ServerName: uri.Host, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", address)
	case uri.Proto == stun.ProtoTypeTCP:
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	default:
		return new(net.Dialer).DialContext(ctx, "udp", address)
	}
}

const noAnswer = "See whether the server runs, and whether a firewall between here and it lets its port through."

// bind asks a STUN server.
func bind(conn net.Conn, url string) Result {
	client, err := stun.NewClient(conn, stun.WithRTO(firstRetry), stun.WithLoggerFactory(silent()))
	if err != nil {
		return fail(fmt.Sprintf("%s: %v", url, err), noAnswer)
	}
	defer func() { _ = client.Close() }() // closes conn
	var mapped stun.XORMappedAddress
	answer := errors.New("no answer")
	err = client.Do(stun.MustBuild(stun.TransactionID, stun.BindingRequest), func(e stun.Event) {
		if answer = e.Error; answer == nil {
			answer = mapped.GetFrom(e.Message)
		}
	})
	if err = errors.Join(err, answer); err != nil {
		return fail(fmt.Sprintf("%s does not answer: %v", url, err), noAnswer)
	}
	return ok("%s answers: it sees this machine at %s", url, mapped.IP)
}

// relay asks a TURN server for a relay, and gives it back.
func relay(conn net.Conn, server config.ICEServer, uri *stun.URI, url string) Result {
	username, password := turnCredentials(server, time.Now())
	packets := net.PacketConn(turn.NewSTUNConn(conn))
	if udp, isUDP := conn.(*net.UDPConn); isUDP {
		packets = connected{udp}
	}
	client, err := turn.NewClient(&turn.ClientConfig{
		TURNServerAddr: conn.RemoteAddr().String(), Username: username, Password: password, Conn: packets,
		RTO: firstRetry, LoggerFactory: silent(),
	})
	if err == nil {
		err = client.Listen()
	}
	if err != nil {
		return fail(fmt.Sprintf("%s: %v", url, err), noAnswer)
	}
	defer client.Close()
	allocation, err := client.Allocate()
	var refused *stun.TurnError
	switch {
	case errors.As(err, &refused) && refused.ErrorCodeAttr.Code == stun.CodeUnauthorized:
		return fail(url+" answers, but refuses the credentials", "Make username and credential, or the secret, in webrtc.ice_servers those of the server: static-auth-secret in turnserver.conf.")
	case errors.As(err, &refused):
		return fail(fmt.Sprintf("%s answers, but gives no relay: %v", url, refused.ErrorCodeAttr), "See the log of the TURN server.")
	case err != nil:
		return fail(fmt.Sprintf("%s gives no relay: it does not answer (%v)", url, err), noAnswer)
	}
	at := allocation.LocalAddr()
	if err := allocation.Close(); err != nil {
		return warn(fmt.Sprintf("%s gives a relay at %s, which could not be given back: %v", url, at, err), "It ends by itself within minutes.")
	}
	return ok("%s takes the credentials, and gives a relay at %s (%s)", url, at, uri.Proto)
}

// connected is a UDP connection of one address as a socket of any.
type connected struct{ *net.UDPConn }

func (c connected) WriteTo(b []byte, _ net.Addr) (int, error) { return c.Write(b) }

// turnCredentials are what a client would be told, for a minute.
func turnCredentials(server config.ICEServer, now time.Time) (username, password string) {
	if server.Secret == "" {
		return server.Username, server.Credential.Reveal()
	}
	username = fmt.Sprintf("%d:doctor", now.Add(time.Minute).Unix())
	mac := hmac.New(sha1.New, []byte(server.Secret.Reveal()))
	mac.Write([]byte(username))
	return username, base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// silent has pion's libraries log nothing: what they say is in their errors.
func silent() logging.LoggerFactory {
	return &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}
}
