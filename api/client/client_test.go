package client_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"rostrum/api/client"
)

func TestNewRefusesWhatCarriesSecretsWithoutRepeatingThem(t *testing.T) {
	for _, server := range []string{
		"https://user:hunter2@host", "https://hunter2@host", "https://host/?token=hunter2", "https://host?access_token=hunter2",
		"https://host/live#hunter2", "https://host?", "hunter2@host?token=hunter2", "https://ho st/hunter2?", "ws://hunter2@host",
	} {
		_, err := client.New(server)
		if !errors.Is(err, client.ErrServer) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", server, err)
		}
	}
	if _, err := client.New("https://user:hunter2@host"); !strings.Contains(err.Error(), "logged") {
		t.Errorf("the reason is not given: %v", err)
	}
	for _, server := range []string{"", "host", "127.0.0.1:8080", "ftp://host", "http://", "https:///path"} {
		if _, err := client.New(server); !errors.Is(err, client.ErrServer) || !strings.Contains(err.Error(), "https://live.example.com") {
			t.Errorf("%q: %v", server, err)
		}
	}
	for _, bearer := range []string{"hunter2\n", "hunter2 ", "hünter2"} {
		if _, err := client.New("https://host", client.Bearer(bearer)); !errors.Is(err, client.ErrServer) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", bearer, err)
		}
	}
}

func TestRequestsSayWhoAsks(t *testing.T) {
	var got http.Header
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.WriteHeader(http.StatusOK)
	})
	answer, err := c.EndSessionWithResponse(t.Context(), "some")
	if err != nil || answer.StatusCode() != http.StatusOK {
		t.Fatal(answer, err)
	}
	if got.Get("Authorization") != "Bearer "+token || !strings.HasPrefix(got.Get("User-Agent"), "rostrum-client/") {
		t.Errorf("the request says %q", got)
	}
}

// A client of a server at a path talks to nothing but that path.
func TestPrefix(t *testing.T) {
	for _, address := range []string{"/live", "/live/", "/a/b%20c"} {
		prefix := strings.TrimRight(address, "/")
		var asked []string
		handler := http.StripPrefix(strings.ReplaceAll(prefix, "%20", " "), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method+" "+r.URL.Path)
			if r.Method == http.MethodPost {
				created(w, "/api/whep/sessions/abc") // as a server says that knows of no proxy
			}
		}))
		plain := serve(t, handler.ServeHTTP)
		c := connect(t, plain.Server()+address)
		s, err := c.Play(t.Context(), "demo", offer)
		if err != nil {
			t.Fatal(err)
		}
		if want := plain.Server() + prefix + "/api/whep/sessions/abc"; s.URL != want {
			t.Errorf("the session is at %s, want %s", s.URL, want)
		}
		if err := s.End(t.Context()); err != nil {
			t.Error(err)
		}
		if want := "POST /api/whep/play/demo, DELETE /api/whep/sessions/abc"; strings.Join(asked, ", ") != want {
			t.Errorf("%s: asked for %q, want %s", address, asked, want)
		}
	}
}

const (
	offer  = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"
	answer = "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n"
)

// created answers an offer.
func created(w http.ResponseWriter, location string) {
	w.Header().Set("Location", location)
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("ETag", `"first"`)
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write([]byte(answer))
}
