package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/pion/webrtc/v4"

	"rostrum/ports/porttest/webrtcpeer"
)

// problem is the body of a refused request.
type problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	Retryable bool   `json:"retryable"`
}

// answer is an HTTP answer whose body has been read.
type answer struct {
	*http.Response
	body []byte
}

// problem returns the problem document of a refusal.
func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("no problem document: %v: %s", err, a.body)
	}
	if media := a.Header.Get("Content-Type"); media != "application/problem+json" {
		t.Errorf("Content-Type %q of a problem", media)
	}
	if p.Status != a.StatusCode || p.Title == "" || p.Detail == "" || p.Code == "" {
		t.Errorf("incomplete problem of a %d: %+v", a.StatusCode, p)
	}
	return p
}

// send makes a request with the test's token; change may alter it.
func send(t *testing.T, method, url string, body io.Reader, change ...func(*http.Request)) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	if body != nil {
		req.Header.Set("Content-Type", "application/sdp")
	}
	for _, c := range change {
		c(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res, read}
}

func post(t *testing.T, url, offer string) answer {
	t.Helper()
	return send(t, http.MethodPost, url, bytes.NewReader([]byte(offer)))
}

// connect posts a peer's offer, waits until media may flow, and returns the URL of
// the session.
func connect(t *testing.T, peer *webrtcpeer.Peer, server, path string) string {
	t.Helper()
	a := post(t, server+path, peer.Offer())
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("POST %s: %s: %s", path, a.Status, a.body)
	}
	peer.Accept(string(a.body))
	peer.WaitConnected()
	return server + a.Header.Get("Location")
}

// end ends a session by DELETE.
func end(t *testing.T, session string) {
	t.Helper()
	if a := send(t, http.MethodDelete, session, nil); a.StatusCode != http.StatusOK {
		t.Fatalf("DELETE: %s: %s", a.Status, a.body)
	}
}

// firstPackets returns what a subscriber does with its tracks, and a channel that
// gets the kind of each track with its first packet.
func firstPackets() (func(*webrtc.TrackRemote), <-chan webrtc.RTPCodecType) {
	seen := make(chan webrtc.RTPCodecType, 2)
	return func(track *webrtc.TrackRemote) {
		if _, _, err := track.ReadRTP(); err == nil {
			seen <- track.Kind()
		}
	}, seen
}
