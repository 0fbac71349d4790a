package api

import (
	"net/http"
	"strings"
	"testing"
)

// TestSDPAsJSON holds that a generated client which makes JSON of its text is told so, and
// spends no session.
func TestSDPAsJSON(t *testing.T) {
	for endpoint, sessions := range endpoints {
		e := newEdge(t)
		refused := e.do(http.MethodPost, endpoint, `"v=0\r\n"`, sdpType, bearerOf(alice))
		if body := refused.Body.String(); refused.Code != http.StatusBadRequest || !strings.Contains(body, `"offer_invalid"`) || !strings.Contains(body, "JSON string") {
			t.Errorf("%s: %d %s", endpoint, refused.Code, body)
		}
		begun := e.do(http.MethodPost, endpoint, "offer", sdpType, bearerOf(alice))
		location := begun.Header().Get("Location")
		if !strings.HasPrefix(location, sessions) {
			t.Fatalf("%s: %d %s", endpoint, begun.Code, begun.Body)
		}
		patch := e.do(http.MethodPatch, location, `"a=ice-ufrag:x\r\n"`, fragmentType, "If-Match: *", bearerOf(alice))
		if body := patch.Body.String(); patch.Code != http.StatusBadRequest || !strings.Contains(body, `"fragment_invalid"`) || !strings.Contains(body, "JSON string") {
			t.Errorf("%s: %d %s", location, patch.Code, body)
		}
	}
}
