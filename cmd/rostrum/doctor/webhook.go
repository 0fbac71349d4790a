package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
)

// webhook connects to a receiver, and sends it nothing. The rest of its URL may be a secret.
func webhook(text string) func(context.Context) Result {
	return func(ctx context.Context) Result {
		to, err := url.Parse(text)
		if err != nil {
			return fail("a URL of webhooks.urls cannot be read", "Correct webhooks.urls.")
		}
		where, port := to.Scheme+"://"+to.Host, cmp.Or(to.Port(), to.Scheme)
		ctx, cancel := context.WithTimeout(ctx, askPatience)
		defer cancel()
		conn, err := receiver(ctx, to.Scheme, to.Hostname(), port)
		if err != nil {
			return fail(fmt.Sprintf("%s cannot be reached: %v", where, err), "See whether the receiver runs, and whether its name, port and certificate are right. What it misses is sent again for days.")
		}
		_ = conn.Close() // nothing was sent
		return ok("%s takes connections", where)
	}
}

func receiver(ctx context.Context, scheme, host, port string) (net.Conn, error) {
	address := net.JoinHostPort(host, port)
	if scheme == "https" {
		return (&tls.Dialer{Config: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", address)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}
