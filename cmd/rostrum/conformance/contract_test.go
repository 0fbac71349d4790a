package conformance

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestContract(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-1 a stream is published by WHIP and played by WHEP", testPublishAndPlay)
	t.Run("WHIP-2 room names of 1 to 64 characters, which differ by case", testRoomNames)
	t.Run("WHIP-3 other room names are refused", testBadRoomNames)
	t.Run("WHIP-4 percent codes name the same room", testEncodedRoomName)
	t.Run("WHIP-5 WHIP-6 the statuses of publishing", testStatuses)
	t.Run("WHIP-7 one of many publishers at once gets in", testPublishersAtOnce)
	t.Run("WHIP-8 a refused publisher changes nothing", testRefusedPublisher)
	t.Run("WHIP-9 a room is free as soon as DELETE is answered", testFreeAfterDelete)
	t.Run("WHIP-10 rooms are independent", testIndependentRooms)
	t.Run("WHIP-11 every error is a problem document", testProblems)
	t.Run("WHIP-12 OpenAPI describes WHIP and WHEP", testOpenAPI)
}

func testPublishAndPlay(t *testing.T) {
	r := room()
	house.publisher(t, r).goLive()
	v := house.viewer(t, r)
	v.next("video", soon)
	v.next("audio", soon)
}

func testRoomNames(t *testing.T) {
	for _, name := range []string{"a", "-", "_", "0", strings.Repeat("Zz_9-", 13)[:64], "Case", "case"} {
		house.open(t, whip, name, "publisher")
	}
}

func testBadRoomNames(t *testing.T) {
	for what, name := range map[string]string{
		"65": strings.Repeat("a", 65), "1000": strings.Repeat("a", 1000), "a dot": "a.b", "a space": "a%20b", "a plus": "a+b", "an encoded plus": "a%2Bb",
		"a backslash": "a%5Cb", "NUL": "a%00b", "a line end": "a%0Ab", "a trailing line end": "a%0A", "CR LF": "a%0D%0A", "a letter outside ASCII": "caf%C3%A9",
		"full-width letters": "%EF%BC%A1", "no UTF-8": "%ff%fe", "a raw byte": "a\xe9", "a broken percent code": "a%2", "a percent code of no hex": "a%zz", "a star": "a*",
	} {
		l := house.dial(t)
		l.write(head("POST", whip+name) + typeSDP + "\r\nContent-Length: 3\r\n\r\nv=0")
		r := l.read("POST")
		if r.StatusCode != http.StatusBadRequest {
			t.Errorf("a name with %s: %d", what, r.StatusCode)
		}
	}
	for _, name := range []string{"", "a%2Fb", "%2F", "a%2f..%2fb"} {
		if r := house.send(t, http.MethodPost, whip+name, "v=0", typeSDP); r.StatusCode != http.StatusBadRequest && r.StatusCode != http.StatusNotFound {
			t.Errorf("room %q: %d", name, r.StatusCode)
		}
	}
}

func testEncodedRoomName(t *testing.T) {
	r := room()
	house.open(t, whip, r, "publisher")
	encoded := strings.Replace(r, "room", "%72%6Fo%6d", 1)
	house.send(t, http.MethodPost, whip+encoded, newWire(t).offer(t, "publisher"), typeSDP).refused(t, http.StatusConflict, "room_busy")
}

func testStatuses(t *testing.T) {
	r, offer := room(), newWire(t).offer(t, "publisher")
	created := house.send(t, http.MethodPost, whip+r, offer, typeSDP)
	if created.StatusCode != http.StatusCreated {
		t.Errorf("a good offer: %d: %s", created.StatusCode, created.body)
	}
	house.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP).refused(t, http.StatusConflict, "room_busy")
	house.send(t, http.MethodPost, whip+"a.b", offer, typeSDP).refused(t, http.StatusBadRequest, "room_name_invalid")
	house.send(t, http.MethodPost, whip+room(), "good morning", typeSDP).refused(t, http.StatusBadRequest, "offer_invalid")
	house.send(t, http.MethodPost, whip+room(), offer, typeSDP, noToken).refused(t, http.StatusUnauthorized, "token_missing")
	house.send(t, http.MethodPost, whip+room(), offer, typeSDP, as(unknownToken)).refused(t, http.StatusUnauthorized, "token_invalid")
	house.send(t, http.MethodPost, whip+room(), offer, typeSDP, as(viewerToken)).refused(t, http.StatusForbidden, "forbidden")
}

// testPublishersAtOnce lets two subjects race, so that nobody can be taken for
// itself coming back.
func testPublishersAtOnce(t *testing.T) {
	r := room()
	counts := map[int]int{}
	var mu sync.Mutex
	var posts sync.WaitGroup
	for i := range 50 {
		offer := newWire(t).offer(t, "publisher")
		posts.Go(func() {
			answer, err := house.trySend(t, http.MethodPost, whip+r, offer, typeSDP, as([]string{studioToken, rivalToken}[i%2]))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			counts[answer.StatusCode]++
			if answer.StatusCode != http.StatusCreated {
				answer.refused(t, http.StatusConflict, "room_busy")
			}
		})
	}
	posts.Wait()
	if counts[http.StatusCreated] != 1 || counts[http.StatusConflict] != 49 {
		t.Errorf("50 publishers at once: %v, want one 201 and 49 times 409", counts)
	}
}

func testRefusedPublisher(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	pub.goLive()
	v := house.viewer(t, r)
	before := v.next("video", soon)
	for _, token := range []string{rivalToken, studioToken} {
		house.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP, as(token)).refused(t, http.StatusConflict, "room_busy")
	}
	for expected := before.SequenceNumber + 1; expected != before.SequenceNumber+30; expected++ {
		if p := v.next("video", soon); p.SequenceNumber != expected || p.SSRC != before.SSRC {
			t.Fatalf("packet %d of %d after the refusals, want %d of %d", p.SequenceNumber, p.SSRC, expected, before.SSRC)
		}
	}
	pub.end()
}

func testFreeAfterDelete(t *testing.T) {
	r := room()
	for range 10 {
		house.open(t, whip, r, "publisher").end()
	}
	house.publisher(t, r).end()
	house.open(t, whip, r, "publisher")
}

func testIndependentRooms(t *testing.T) {
	a, b := room(), room()
	first, second := house.publisher(t, a), house.publisher(t, b)
	second.goLive()
	va, vb := house.viewer(t, a), house.viewer(t, b)
	vb.next("video", soon)
	first.end()
	if !within(va.bye, soon) {
		t.Error("the viewer of the room that ended goes on")
	}
	va.endedFor("publisher_left")
	vb.drain()
	vb.next("video", soon)
	if p := va.nextOr("video", 100*time.Millisecond); p != nil {
		t.Error("a viewer got a picture of another room")
	}
}

func testProblems(t *testing.T) {
	pub := house.open(t, whip, room(), "publisher")
	tooLarge := "v=0\r\n" + strings.Repeat("a=x\r\n", 100000)
	for status, r := range map[int]reply{
		400: house.send(t, http.MethodPost, whip+room(), "v=0", typeSDP),
		401: house.send(t, http.MethodPost, whip+room(), "v=0", typeSDP, as(unknownToken)),
		403: house.send(t, http.MethodPost, whip+room(), "v=0", typeSDP, as(viewerToken)),
		404: house.send(t, http.MethodGet, "/api/nothing/here", ""),
		405: house.send(t, http.MethodPut, pub.path, "x"),
		412: pub.patch(pub.candidateFragment(), `If-Match: "another"`),
		413: house.send(t, http.MethodPost, whip+room(), tooLarge, typeSDP),
		415: house.send(t, http.MethodPost, whip+room(), "{}", typeJSON),
		422: house.send(t, http.MethodPost, whip+room(), replaced(t, pub.offer, "a=sendonly", "a=recvonly"), typeSDP),
		428: pub.patch(pub.candidateFragment(), "If-Match:"),
	} {
		r.refused(t, status)
		for _, secret := range []string{studioToken, unknownToken, viewerToken, "goroutine", ".go:", "pion"} {
			if strings.Contains(r.body, secret) {
				t.Errorf("the %d tells %q: %s", status, secret, r.body)
			}
		}
	}
}

func testOpenAPI(t *testing.T) {
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			RequestBody struct{ Content map[string]any }
			Responses   map[string]struct{ Content map[string]any }
		}
		Components struct {
			SecuritySchemes map[string]struct{ Type, Scheme string }
		}
	}
	if err := json.Unmarshal([]byte(house.send(t, http.MethodGet, "/openapi.json", "", noToken).body), &doc); err != nil {
		t.Fatal(err)
	}
	publish := doc.Paths["/api/whip/publish/{room}"]["post"]
	for _, status := range []string{"201", "400", "401", "409", "429"} {
		if _, ok := publish.Responses[status]; !ok {
			t.Errorf("publishing has no %s", status)
		}
	}
	if publish.RequestBody.Content["application/sdp"] == nil || publish.Responses["201"].Content["application/sdp"] == nil {
		t.Error("publishing does not have application/sdp both ways")
	}
	for _, path := range []string{"/api/whip/sessions/{session}", "/api/whep/sessions/{session}"} {
		for _, method := range []string{"patch", "delete"} {
			if _, ok := doc.Paths[path][method]; !ok {
				t.Errorf("%s has no %s", path, method)
			}
		}
	}
	bearer := false
	for _, s := range doc.Components.SecuritySchemes {
		bearer = bearer || s.Type == "http" && strings.EqualFold(s.Scheme, "bearer")
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.") || !bearer || doc.Paths["/api/whep/play/{room}"]["post"].Responses == nil {
		t.Errorf("OpenAPI %q, bearer %v, WHEP's path among %d", doc.OpenAPI, bearer, len(doc.Paths))
	}
}
