package web

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"rostrum/ports/porttest/objectserver"
)

// A recording plays by its link wherever it is kept. With the token it is read from the
// server alone: a store at another origin is not asked, and the page is told of the link.
func TestARecordingPlays(t *testing.T) {
	t.Parallel()
	t.Run("from the server", func(t *testing.T) {
		s := newStandWith(t, nil)
		p, id := s.recorded(t)
		p.playsByLink(s, id)
		if !evaluate[bool](p, `media("`+id+`").then(({data}) => data.size > 1000 && data.type.startsWith("video/"))`) {
			t.Error("the file is not read with the token")
		}
	})
	t.Run("from a store", func(t *testing.T) {
		server := objectserver.S3(t)
		store := objectserver.NewFault(t, server)
		var scripts atomic.Int32
		store.Rewrite(func(r *http.Response) error {
			if r.Request.Header.Get("Origin") != "" || strings.HasPrefix(r.Request.Header.Get("Authorization"), "Bearer") {
				scripts.Add(1)
			}
			r.Header.Set("Access-Control-Allow-Origin", "*") // it would let the page in
			return nil
		})
		s := newStandWith(t, []string{"AWS_ACCESS_KEY_ID=" + server.AccessKey, "AWS_SECRET_ACCESS_KEY=" + server.SecretKey},
			"--storage.url", "s3://"+server.Bucket(t)+"/live?endpoint="+store.URL+"&region="+server.Region)
		p, id := s.recorded(t)
		p.do(`await media("` + id + `").catch(keep)`)
		if got := p.refused(); got.Code != "answer_invalid" || !strings.Contains(got.Detail, "playLinks") {
			t.Errorf("the file is refused by %+v, want a word of playLinks", got)
		}
		p.playsByLink(s, id)
		if n := scripts.Load(); n != 0 {
			t.Errorf("the store was asked by the page's script %d times", n)
		}
	})
}

// recorded has a page publish for a while, and returns another with the recording's id
// once it is stored. There, media reads its file with the token.
func (s *stand) recorded(t *testing.T) (p page, id string) {
	t.Helper()
	publisher := s.blank(t)
	publisher.publish(s.url, operator, `, {codec: "VP8"}`)
	publisher.is("live")
	publisher.shows()
	publisher.do("await participant.stop()")
	p = s.blank(t)
	p.do(`window.rostrum = new Rostrum({server: "` + s.url + `", token: "` + operator + `"});
		window.media = (recording) => rostrum.api.GET("/api/recordings/{recording}/media", {params: {path: {recording}}, parseAs: "blob"});
		window.stored = () => rostrum.api.GET("/api/recordings", {params: {query: {state: "stored"}}}).then(({data}) => data.recordings)`)
	p.waits("the recording is stored", "(await stored()).length === 1")
	return p, evaluate[string](p, "stored().then(([{id}]) => id)")
}

// playsByLink checks that the page's video element plays a recording of one part.
func (p page) playsByLink(s *stand, id string) {
	p.t.Helper()
	links := evaluate[[]string](p, `rostrum.playLinks("`+id+`")`)
	if len(links) != 1 || !strings.HasPrefix(links[0], s.url+"/api/recordings/"+id+"/media?") || strings.Contains(links[0], operator) {
		p.t.Fatalf("the links are %q, want one to the server, without the token", links)
	}
	p.do(`document.querySelector("video").src = "` + links[0] + `"`)
	p.waits("the recording plays", `document.querySelector("video").videoWidth === 320 && document.querySelector("video").currentTime > 0`)
}

// Links are asked for a recording that there is, of a server that gives its own.
func TestLinksThatThereAreNot(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		const parts = `{"parts":[{"url":"https://elsewhere.example.net/part-001.mp4"}]}`
		return strings.HasSuffix(r.URL.Path, "ELSEWHERE") && answer(w, http.StatusOK, parts, "Content-Type", "application/json")
	}, nil)
	p := s.blank(t)
	for id, want := range map[string]string{"NONE": "recording_unknown", "ELSEWHERE": "answer_invalid"} {
		p.do(`window.wrong = null; await new Rostrum({server: "` + w.url + `", token: "` + operator + `"}).playLinks("` + id + `").catch(keep)`)
		if got := p.refused(); got.Code != want {
			t.Errorf("%s is refused by %+v, want %s", id, got, want)
		}
	}
}
