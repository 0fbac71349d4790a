package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/ports"
)

// bearers are Authorization headers and the tokens in them.
var bearers = map[string]string{
	"Bearer abc":            "abc",
	"bearer abc":            "abc",
	"BEARER abc":            "abc",
	"Bearer  abc ":          "abc",
	" Bearer abc":           "abc",
	"Bearer a.b-c_d~e+f/g=": "a.b-c_d~e+f/g=",
	"Bearer Bearer abc":     "Bearer abc",
	"":                      "",
	"Bearer":                "",
	"Bearer ":               "",
	"abc":                   "",
	"Basic YTpi":            "",
	"Bearerabc":             "",
	"Bearer:abc":            "",
	"Bearer\tabc":           "",
	"Bearer\u00a0abc":       "",
	"Bearers abc":           "",
	"Token Bearer abc":      "",
}

func TestBearerToken(t *testing.T) {
	for header, want := range bearers {
		if got := bearerToken(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

func FuzzBearerToken(f *testing.F) {
	for header := range bearers {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		token := bearerToken(header)
		switch trimmed := strings.TrimSpace(header); {
		case token == "":
			if rest, ok := strings.CutPrefix(trimmed, "Bearer "); ok && strings.TrimSpace(rest) != "" {
				t.Errorf("%q has a token", header)
			}
		case len(trimmed) < len("Bearer ") || !strings.EqualFold(trimmed[:len("Bearer ")], "Bearer ") || !strings.HasSuffix(trimmed, token):
			t.Errorf("%q has no token %q", header, token)
		case token != strings.TrimSpace(token):
			t.Errorf("%q: %q has space around it", header, token)
		case bearerToken("bearer  "+token) != token:
			t.Errorf("%q does not go round", token)
		}
	})
}

func TestTellAllowance(t *testing.T) {
	for name, c := range map[string]struct {
		allowance ports.Allowance
		want      map[string]string
	}{
		"no limit": {ports.Allowance{OK: true}, map[string]string{"RateLimit-Limit": "", "RateLimit-Remaining": "", "RateLimit-Reset": "", "Retry-After": ""}},
		"some left": {
			ports.Allowance{OK: true, Limit: 10, Remaining: 9, Reset: time.Now().Add(time.Hour)},
			map[string]string{"RateLimit-Limit": "10", "RateLimit-Remaining": "9", "RateLimit-Reset": "3600", "Retry-After": ""},
		},
		"none left": {
			ports.Allowance{Limit: 10, Reset: time.Now().Add(time.Hour)},
			map[string]string{"RateLimit-Limit": "10", "RateLimit-Remaining": "0", "RateLimit-Reset": "3600", "Retry-After": "3600"},
		},
		"the interval is over already": {
			ports.Allowance{Limit: 10, Reset: time.Now().Add(-time.Hour)},
			map[string]string{"RateLimit-Limit": "10", "RateLimit-Remaining": "0", "RateLimit-Reset": "0", "Retry-After": "0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			tellAllowance(humago.NewContext(&huma.Operation{}, httptest.NewRequest(http.MethodPost, "/", nil), w), c.allowance)
			for key, want := range c.want {
				if got := w.Header().Get(key); got != want {
					t.Errorf("%s: %q, want %q", key, got, want)
				}
			}
		})
	}
}

// TestTokenInURLIsRefused wants a token that was put where it is not looked for to be
// refused with the reason, and never repeated, also beside a good one.
func TestTokenInURLIsRefused(t *testing.T) {
	for _, target := range []string{
		"/api/whip/publish/hall?access_token=" + alice, "/api/whip/publish/hall?token=" + alice,
		"/api/recordings?access_token=" + alice,
	} {
		method := http.MethodPost
		if strings.HasPrefix(target, "/api/recordings") {
			method = http.MethodGet
		}
		for _, header := range []string{"Accept: */*", bearerOf(alice)} {
			w := newEdge(t).do(method, target, "offer", sdpType, header)
			body := w.Body.String()
			wantProblem(t, w, "token_missing")
			if !strings.Contains(body, "in the URL") || strings.Contains(body, alice) {
				t.Errorf("%s, %.10s: %s", target, header, body)
			}
		}
	}
}
