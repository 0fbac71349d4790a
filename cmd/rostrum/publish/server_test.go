package publish

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

// server is a WHIP endpoint with a real peer behind it; it serves one session at a time.
type server struct {
	*httptest.Server
	packets chan packet     // every RTP packet that came in
	deleted chan string     // the path of each DELETE
	offers  chan string     // the room of each accepted POST
	refuse  func(n int) int // a status for the n-th POST, or 0

	mu    sync.Mutex
	posts int
	peer  *webrtc.PeerConnection
	reads sync.WaitGroup
}

type packet struct {
	kind      webrtc.RTPCodecType
	timestamp uint32
}

const token = "test-token"

func newServer(t *testing.T) *server {
	s := &server{
		packets: make(chan packet, 10_000), deleted: make(chan string, 10), offers: make(chan string, 10),
		refuse: func(int) int { return 0 },
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /live/api/whip/publish/{room}", s.post)
	mux.HandleFunc("PATCH /live/api/whip/sessions/{id}", s.trickle)
	mux.HandleFunc("DELETE /live/api/whip/sessions/{id}", s.remove)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.hangUp()
		s.Close()
		s.reads.Wait()
	})
	return s
}

func (s *server) url() string { return s.URL + "/live" }

func (s *server) client(t *testing.T) *client.Client { return newClient(t, s.url()) }

// newClient returns a client of a server, whose connections are closed with the test.
func newClient(t *testing.T, url string) *client.Client {
	t.Helper()
	c, err := client.New(url, client.Bearer(token), client.HTTP(&http.Client{Transport: &http.Transport{}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func (s *server) post(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts++
	if status := s.refuse(s.posts); status != 0 {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"title":"no","status":%d,"code":"room_busy","retryable":true}`, status)
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("Content-Type") != "application/sdp" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	offer, _ := io.ReadAll(r.Body)
	answer, err := s.accept(string(offer))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("ETag", `"1"`)
	w.Header().Set("Location", fmt.Sprintf("../../whip/sessions/%d", s.posts)) // relative, as RFC 9725 lets it be
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, answer)
	s.offers <- r.PathValue("room")
}

func (s *server) accept(offer string) (string, error) {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	peer, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	s.peer = peer
	peer.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		s.reads.Go(func() {
			for {
				p, _, err := track.ReadRTP()
				if err != nil {
					return
				}
				s.packets <- packet{track.Kind(), p.Timestamp}
			}
		})
	})
	if err := peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(peer)
	answer, err := peer.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	if err := peer.SetLocalDescription(answer); err != nil {
		return "", err
	}
	<-gathered
	return peer.LocalDescription().SDP, nil
}

// trickle takes candidates.
func (s *server) trickle(w http.ResponseWriter, r *http.Request) {
	fragment, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.peer == nil || r.Header.Get("If-Match") != `"1"` || r.Header.Get("Content-Type") != "application/trickle-ice-sdpfrag" {
		http.Error(w, "no such session", http.StatusNotFound)
		return
	}
	for line := range strings.Lines(string(fragment)) {
		if candidate, ok := strings.CutPrefix(strings.TrimSpace(line), "a=candidate:"); ok {
			_ = s.peer.AddICECandidate(webrtc.ICECandidateInit{Candidate: candidate}) // one that is of no use does no harm
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) remove(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.hangUp()
	s.deleted <- r.URL.Path
}

// hangUp ends the session as a server does: by closing the peer, which says so by DTLS.
func (s *server) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.peer != nil {
		_ = s.peer.GracefulClose() // what of it failed, the reads show
		s.peer = nil
	}
}
