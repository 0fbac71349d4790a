package remote

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"rostrum/api/client"
)

// What to do about a server that does not answer goes by why it does not.
func TestAdviceAboutSilence(t *testing.T) {
	for _, c := range []struct {
		err  error
		says string
	}{
		{fmt.Errorf("%w: %w", client.ErrUnreachable, syscall.ECONNREFUSED), "start it"},
		{fmt.Errorf("%w: %w", client.ErrUnreachable, syscall.ECONNRESET), "https://"},
		{fmt.Errorf("%w: %w", client.ErrUnreachable, io.EOF), "https://"},
		{fmt.Errorf("%w: %w", client.ErrContract, http.ErrSchemeMismatch), "http://"},
		{client.ErrUntrusted, "SSL_CERT_FILE"},
	} {
		got := Advice{}.Explain(c.err).Error()
		_, advice, _ := strings.Cut(got, c.err.Error())
		if !strings.Contains(advice, c.says) {
			t.Errorf("%q does not say %q", got, c.says)
		}
	}
	for _, other := range []error{fmt.Errorf("talk.webm: %w", io.EOF), fmt.Errorf("media: %w", syscall.ECONNRESET)} {
		if got := (Advice{}).Explain(other); got.Error() != other.Error() {
			t.Errorf("%q is about no server", got)
		}
	}
}
