package conformance

import (
	"strings"
	"testing"
	"time"
)

func TestSimulcast(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-147 an offer of simulcast is taken up whole or not at all", testSimulcastAnswer)
	t.Run("WHIP-149 WHIP-151 a layer that never comes stalls nobody", testOneLayer)
}

// simulcast makes an offer one of three layers in the manner of browsers: named by
// rids, without ssrc lines.
func simulcast(t *testing.T, rids ...string) func(string) string {
	return func(offer string) string {
		t.Helper()
		head, media := sections(offer)
		lines := []string{strings.TrimSuffix(withoutLines(t, media[1], "a=ssrc"), "\r\n")}
		for _, rid := range rids {
			lines = append(lines, "a=rid:"+strings.TrimPrefix(rid, "~")+" send")
		}
		lines = append(lines, "a=simulcast:send "+strings.Join(rids, ";"))
		return head + media[0] + strings.Join(lines, "\r\n") + "\r\n"
	}
}

func testSimulcastAnswer(t *testing.T) {
	for _, rids := range [][]string{{"h", "m", "l"}, {"0", "1", "2"}, {"q", "h", "f"}, {"hi", "~lo"}} {
		s := house.open(t, whip, room(), "publisher", simulcast(t, rids...))
		text := s.answer.text
		if strings.Contains(text, "a=simulcast:send") || strings.Contains(text, "a=simulcast:") != strings.Contains(text, "a=rid:") {
			t.Errorf("rids %v:\n%s", rids, text)
		}
		for _, m := range s.answer.MediaDescriptions {
			for _, v := range values(m, "rid") {
				if !strings.HasSuffix(strings.Fields(v + " ")[1], "recv") {
					t.Errorf("rid %q", v)
				}
			}
		}
		s.connect()
	}
}

// testOneLayer sends the layer that stands last in the offer, and no other one, with
// its rid and mid as browsers do.
func testOneLayer(t *testing.T) {
	r := room()
	pub := house.publisher(t, r, simulcast(t, "h", "m", "l"))
	v := house.viewer(t, r)
	k := pub.track(vp8, 4242)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	got := make(chan bool, 1)
	go func() { got <- v.nextOr("video", soon) != nil }()
	for n := uint32(0); ; n++ {
		select {
		case ok := <-got:
			if !ok {
				t.Error("a simulcast publisher of whose layers one comes is not seen")
			}
			if !pub.consents() {
				t.Error("the server no longer answers checks")
			}
			return
		case <-tick.C:
			p := k.packet(n%25 == 0, n, true)
			if err := p.SetExtension(4, []byte("1")); err != nil {
				t.Fatal(err)
			}
			if err := p.SetExtension(10, []byte("l")); err != nil {
				t.Fatal(err)
			}
			pub.sendRTP(p)
			k.timestamp += k.coding.step
		}
	}
}
