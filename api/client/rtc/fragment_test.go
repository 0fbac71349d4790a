package rtc

import (
	"strings"
	"testing"
)

func TestFragmentOfTheFirstSection(t *testing.T) {
	const description = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n" +
		"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:secret\r\n" +
		"m=audio 9 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=ice-ufrag:abcd\r\na=ice-pwd:secret\r\n"
	const want = "a=ice-ufrag:abcd\r\na=ice-pwd:secret\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1\r\na=end-of-candidates\r\n"
	got, err := newFragment(description, []string{"candidate:1", "end-of-candidates"})
	if err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for _, none := range []string{"", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"} {
		if got, err := newFragment(none, nil); err == nil {
			t.Errorf("%q makes %q", none, got)
		}
	}
}

// Of an answer nothing changes but ICE, in each section.
func TestRenew(t *testing.T) {
	const (
		answer = "v=0\r\nm=video 9 X 96\r\na=mid:0\r\na=ice-ufrag:old\r\na=ice-pwd:old\r\na=candidate:old\r\na=end-of-candidates\r\na=setup:passive\r\n" +
			"m=audio 9 X 97\r\na=ice-ufrag:old\r\na=ice-pwd:old\r\na=mid:1\r\n"
		fragment = "a=ice-ufrag:new\na=ice-pwd:new\nm=video 9 X 0\na=mid:0\na=candidate:new\n"
		fresh    = "a=ice-ufrag:new\r\na=ice-pwd:new\r\na=candidate:new\r\n"
		want     = "v=0\r\nm=video 9 X 96\r\na=mid:0\r\n" + fresh + "a=setup:passive\r\nm=audio 9 X 97\r\na=mid:1\r\n" + fresh
	)
	if got := renew(answer, fragment); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := renew("m=video 9 X 96\r\n"+strings.Repeat("a=mid:0\r\n", 3), fragment); strings.Count(got, "candidate:new") != 1 {
		t.Errorf("a section that says its name again and again becomes %q", got)
	}
}
