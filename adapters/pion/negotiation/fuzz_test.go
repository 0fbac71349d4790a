package negotiation

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"

	"rostrum/domain"
)

// FuzzOffer: what is taken has one or two sections of different kinds, each with a
// mid and codecs of its kind, and is answered as offers are; what is not is refused by
// a code of the contract.
func FuzzOffer(f *testing.F) {
	for _, client := range []string{"chrome", "firefox", "gstreamer", "ffmpeg", "obs"} {
		f.Add(offerOf(f, client))
	}
	f.Add(edited(f, "", ""))
	f.Add(edited(f, "m=video 9", "m=video 0"))
	f.Add(edited(f, "BUNDLE a v", "BUNDLE v x a"))
	f.Add(edited(f, "a=mid:v\n", "a=mid:v\na=extmap:3 "+sdp.TransportCCURI+"\na=rtcp-fb:* transport-cc\na=ssrc-group:FID 1 2\na=ssrc:1 a:b\n"))
	f.Fuzz(func(t *testing.T, text string) {
		for _, from := range []Side{Publishing, Subscribing} {
			o, err := ParseOffer(text, from)
			if err != nil {
				if o != nil || !errors.Is(err, domain.ErrOffer) && !errors.Is(err, domain.ErrOfferUnsupported) && !errors.Is(err, domain.ErrNoCommonCodec) {
					t.Fatalf("%v with %v", err, o)
				}
				continue
			}
			checkTaken(t, o)
			checkAnswered(t, o, text)
		}
	})
}

func checkTaken(t *testing.T, o *Offer) {
	if n := len(o.Sections); n < 1 || n > 2 || n == 2 && o.Sections[0].Kind == o.Sections[1].Kind {
		t.Fatalf("sections: %v", summary(o.Sections...))
	}
	if o.Credentials.Ufrag == "" || o.Credentials.Pwd == "" || len(o.Candidates) > MaxCandidates || len(o.Fingerprints) == 0 {
		t.Fatalf("%+v", o)
	}
	for _, s := range o.Sections {
		if s.MID == "" || len(s.Codecs) == 0 || len(s.Codecs) > maxFormats || len(s.Streams) > maxStreams {
			t.Fatalf("section: %+v", s)
		}
		for _, c := range s.Codecs {
			if c.Name.Kind() != s.Kind || isRTCP(c.PayloadType) || isRTCP(c.RTX) {
				t.Fatalf("%+v in a section of %s", c, s.Kind)
			}
		}
	}
}

// isRTCP reports whether a payload type is none, or one that RTCP looks like
// (RFC 5761 §4).
func isRTCP(pt uint8) bool { return pt > 127 || 64 <= pt && pt <= 95 }

// checkAnswered answers an offer for each codec that there may be a track of, and in
// the lobby.
func checkAnswered(t *testing.T, o *Offer, text string) {
	rooms := [][]domain.Track{nil}
	for codec := range served {
		rooms = append(rooms, []domain.Track{{ID: "track", Codec: codec}})
	}
	for _, tracks := range rooms {
		plan, err := o.PlanOutputs(tracks)
		if err != nil && !errors.Is(err, domain.ErrNoCommonCodec) && !errors.Is(err, domain.ErrOfferUnsupported) {
			t.Fatal(err)
		}
		if err != nil || o.From == Publishing {
			plan = nil
		}
		answer, err := o.Answer(facts, plan)
		if err != nil {
			t.Fatal(err)
		}
		checkAnswer(t, o, text, answer, len(plan))
	}
	if f, err := ParseFragment(o.Fragment(facts)); err != nil || f.Credentials != facts.Credentials || len(f.Candidates) != len(facts.Candidates) {
		t.Fatalf("its fragment: %+v, %v", f, err)
	}
}

// checkAnswer holds an answer against its offer: the same sections, payload types of
// the offer alone, and as many that are sent on as were planned.
func checkAnswer(t *testing.T, o *Offer, text, answer string, sending int) {
	var offer, got sdp.SessionDescription
	if err := offer.UnmarshalString(text + "\r\n"); err != nil {
		if err = offer.UnmarshalString(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := got.UnmarshalString(answer); err != nil {
		t.Fatalf("the answer cannot be read: %v\n%s", err, answer)
	}
	if len(got.MediaDescriptions) != len(offer.MediaDescriptions) {
		t.Fatalf("%d sections for %d\n%s", len(got.MediaDescriptions), len(offer.MediaDescriptions), answer)
	}
	live := 0
	for i, m := range got.MediaDescriptions {
		if mid, _ := m.Attribute("mid"); mid != o.Sections[i].MID || m.MediaName.Media != offer.MediaDescriptions[i].MediaName.Media {
			t.Fatalf("section %d is %q of %s\n%s", i, mid, m.MediaName.Media, answer)
		}
		for _, format := range m.MediaName.Formats {
			pt, err := strconv.Atoi(format)
			listed := func(f string) bool { n, err := strconv.Atoi(f); return err == nil && n == pt }
			if err != nil || !slices.ContainsFunc(offer.MediaDescriptions[i].MediaName.Formats, listed) {
				t.Fatalf("payload type %s was not offered\n%s", format, answer)
			}
			if first := slices.Index(m.MediaName.Formats, format); slices.Contains(m.MediaName.Formats[first+1:], format) {
				t.Fatalf("payload type %s is answered twice\n%s", format, answer)
			}
		}
		if _, ok := m.Attribute("sendonly"); ok {
			live++
		}
	}
	if live != sending {
		t.Fatalf("%d sections are sent on, want %d\n%s", live, sending, answer)
	}
	if group, ok := got.Attribute("group"); ok != (o.bundle != nil) || ok && len(strings.Fields(group)) != 1+len(o.Sections) {
		t.Fatalf("group %q\n%s", group, answer)
	}
}

// FuzzFragment: what is taken has credentials as RFC 8839 spells them or none, and
// few candidates, each once and in one line, all of which stand in the text; what is
// not is refused by one code.
func FuzzFragment(f *testing.F) {
	f.Add(lines("a=ice-ufrag:EsAw", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", "a=candidate:"+hostCandidate, "a=end-of-candidates"))
	f.Add(lines("a=candidate:"+tcpCandidate, "a=candidate:"+rtcpCandidate))
	f.Add("a=ice-ufrag:x")
	f.Add(plain)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseFragment(text)
		if err != nil {
			if !errors.Is(err, domain.ErrFragment) {
				t.Fatalf("refused by %v", err)
			}
			return
		}
		c := got.Credentials
		if c.Ufrag != "" && !iceUfrag.MatchString(c.Ufrag) || c.Pwd != "" && !icePwd.MatchString(c.Pwd) || len(got.Candidates) > MaxCandidates {
			t.Fatalf("%+v", got)
		}
		for i, candidate := range got.Candidates {
			if strings.ContainsAny(candidate, "\r\n\x00") || !strings.Contains(text, "a=candidate:"+candidate) || slices.Contains(got.Candidates[:i], candidate) {
				t.Fatalf("candidate %q of %q", candidate, text)
			}
		}
	})
}
