package conformance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func itoa[N ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int](n N) string { return fmt.Sprint(n) }

// onlyKind leaves one kind of media in an offer.
func onlyKind(t testing.TB, kind string) func(string) string {
	return func(offer string) string {
		t.Helper()
		head, media := sections(offer)
		i := slices.IndexFunc(media, func(m string) bool { return strings.HasPrefix(m, "m="+kind+" ") })
		if i < 0 {
			t.Fatalf("no %s in\n%s", kind, offer)
		}
		_, mid, _ := strings.Cut(media[i], "a=mid:")
		mid, _, _ = strings.Cut(mid, "\r\n")
		return bundling(head, mid) + media[i]
	}
}

// bundling gives the head of an offer a BUNDLE group of these mids.
func bundling(head, mids string) string {
	return regexp.MustCompile(`a=group:BUNDLE[^\r]*`).ReplaceAllString(head, "a=group:BUNDLE "+mids)
}

// onlyVideo leaves one codec in an offer's video section, and its retransmissions.
func onlyVideo(t testing.TB, codec string) func(string) string {
	return func(offer string) string {
		t.Helper()
		m := parseSDP(t, offer).section("video")
		var kept []string
		for _, pt := range payloadTypes(m, codec) {
			kept = append(kept, itoa(pt))
		}
		for _, pt := range payloadTypes(m, "rtx") {
			if slices.Contains(kept, strings.TrimPrefix(ofFormat(m, "fmtp", itoa(pt)), "apt=")) {
				kept = append(kept, itoa(pt))
			}
		}
		return withFormats(offer, "video", kept)
	}
}

// withFormats leaves only these payload types in an offer's section of a kind.
func withFormats(offer, kind string, formats []string) string {
	head, media := sections(offer)
	for i, m := range media {
		if !strings.HasPrefix(m, "m="+kind+" ") {
			continue
		}
		var kept []string
		for l := range strings.Lines(m) {
			line := regexp.MustCompile(`^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) `).FindStringSubmatch(l)
			if line == nil || slices.Contains(formats, line[1]) {
				kept = append(kept, l)
			}
		}
		kept[0] = regexp.MustCompile(`^(m=\S+ \S+ \S+) .*`).ReplaceAllString(strings.TrimSpace(kept[0]), "$1 "+strings.Join(formats, " ")) + "\r\n"
		media[i] = strings.Join(kept, "")
	}
	return head + strings.Join(media, "")
}
