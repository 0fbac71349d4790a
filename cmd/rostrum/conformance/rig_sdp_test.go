package conformance

import (
	"embed"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
)

//go:embed testdata/offers/*.sdp
var offers embed.FS

// offer is a client's offer from testdata, filled in with a wire's credentials and
// with CRLF line ends.
func (w *wire) offer(t testing.TB, client string) string {
	t.Helper()
	template, err := offers.ReadFile("testdata/offers/" + client + ".sdp")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("{ufrag}", w.own.ufrag, "{pwd}", w.own.pwd, "{fingerprint}", w.fingerprint(), "\n", "\r\n").Replace(string(template))
}

// replaced replaces all of what must be there.
func replaced(t testing.TB, text, old, with string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("there is no %q to replace in\n%s", old, text)
	}
	return strings.ReplaceAll(text, old, with)
}

// withoutLines takes away every line that begins so; there must be one.
func withoutLines(t testing.TB, text string, prefix string) string {
	t.Helper()
	lines := strings.SplitAfter(text, "\r\n")
	kept := slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasPrefix(l, prefix) })
	if len(kept) == len(lines) {
		t.Fatalf("no line begins with %q in\n%s", prefix, text)
	}
	return strings.Join(kept, "")
}

// sections splits an SDP into its head and its media sections.
func sections(text string) (head string, media []string) {
	parts := strings.Split(text, "\r\nm=")
	for _, p := range parts[1:] {
		media = append(media, "m="+strings.TrimSuffix(p, "\r\n")+"\r\n")
	}
	return parts[0] + "\r\n", media
}

// description is an SDP that the server sent.
type description struct {
	*sdp.SessionDescription
	text string
}

func parseSDP(t testing.TB, text string) *description {
	t.Helper()
	d := &description{&sdp.SessionDescription{}, text}
	if err := d.UnmarshalString(text); err != nil {
		t.Fatalf("an SDP that cannot be parsed: %v\n%s", err, text)
	}
	if len(d.MediaDescriptions) == 0 {
		t.Fatalf("an answer without media sections:\n%s", text)
	}
	return d
}

// first is the first value of an attribute, of the session or of a section.
func (d *description) first(key string) string {
	if v, ok := d.Attribute(key); ok {
		return v
	}
	for _, m := range d.MediaDescriptions {
		if v, ok := m.Attribute(key); ok {
			return v
		}
	}
	return ""
}

func (d *description) credentials() credentials {
	return credentials{d.first("ice-ufrag"), d.first("ice-pwd")}
}
func (d *description) fingerprint() string { return d.first("fingerprint") }
func (d *description) setup() string       { return d.first("setup") }

// section is the first section of a kind, nil if there is none that is live.
func (d *description) section(kind string) *sdp.MediaDescription {
	for _, m := range d.MediaDescriptions {
		if m.MediaName.Media == kind && m.MediaName.Port.Value != 0 {
			return m
		}
	}
	return nil
}

// values are all values of an attribute in a section.
func values(m *sdp.MediaDescription, key string) []string {
	var all []string
	for _, a := range m.Attributes {
		if a.Key == key {
			all = append(all, a.Value)
		}
	}
	return all
}

// payloadTypes are those of a codec in a section, by the section's order.
func payloadTypes(m *sdp.MediaDescription, codec string) []uint8 {
	var found []uint8
	for _, format := range m.MediaName.Formats {
		for _, v := range values(m, "rtpmap") {
			pt, name, _ := strings.Cut(v, " ")
			name, _, _ = strings.Cut(name, "/")
			if n, err := strconv.ParseUint(pt, 10, 7); err == nil && pt == format && strings.EqualFold(name, codec) {
				found = append(found, uint8(n))
			}
		}
	}
	return found
}

// candidates are the values of all candidate lines of a text, without repetitions.
func candidates(text string) []string {
	var found []string
	for l := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(l), "a=candidate:"); ok && !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	return found
}

// udpHost is where the first UDP host candidate of a text is, nil if there is none.
func udpHost(text string) *net.UDPAddr {
	for _, c := range candidates(text) {
		f := strings.Fields(c)
		if len(f) < 8 || !strings.EqualFold(f[2], "udp") || f[7] != "host" {
			continue
		}
		port, err := strconv.Atoi(f[5])
		if ip := net.ParseIP(f[4]); err == nil && ip != nil && ip.To4() != nil {
			return &net.UDPAddr{IP: ip, Port: port}
		}
	}
	return nil
}
