package client_test

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"rostrum/api/client"
)

// A certificate that nobody here trusts, and a server that speaks no TLS, are told apart from one that is away: to ask again
// is of no use.
func TestServerThatIsNotWhoItShouldBe(t *testing.T) {
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that fail, as they should
	untrusted.StartTLS()
	defer untrusted.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for address, want := range map[string]error{
		untrusted.URL:                     client.ErrUntrusted,
		"https" + plain.URL[len("http"):]: client.ErrContract,
	} {
		_, err := connect(t, address).Publish(t.Context(), "demo", offer)
		if again, _ := client.Retryable(err); !errors.Is(err, want) || errors.Is(err, client.ErrUnreachable) || again {
			t.Errorf("%s: %v, try again %v", address, err, again)
		}
	}
}
