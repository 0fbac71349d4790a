//go:build interop

package interop

import (
	"fmt"
	"strings"
	"time"
)

// How many pictures have to come after the first, and within which time. Sources
// send 20 a second or more, and a busy machine decodes fewer.
const (
	enoughPictures = 40
	patience       = 15 * time.Second
)

// connected holds in a page whose connection is up. It is window.rostrum.pc, on
// the server's own pages and on the one in clients/.
const connected = `window.rostrum?.pc?.connectionState === "connected"`

// shown is what a page is to receive: the codec of its picture, "" for none, and
// whether there is sound.
type shown struct {
	codec string
	sound bool
}

// figures are a page's numbers of what it receives.
type figures struct {
	Decoded int     `json:"decoded"`
	Codec   string  `json:"codec"`
	Energy  float64 `json:"energy"`
}

// received returns what the page's connection has received so far.
func (p page) received() figures {
	p.t.Helper()
	return evaluate[figures](p, `(async () => {
		const figures = {decoded: 0, codec: "", energy: 0};
		const report = await window.rostrum.pc.getStats();
		for (const [, s] of report.entries()) {
			if (s.type !== "inbound-rtp") continue;
			if (s.kind === "audio") figures.energy = s.totalAudioEnergy ?? 0;
			if (s.kind !== "video") continue;
			figures.decoded = s.framesDecoded ?? 0;
			figures.codec = report.get(s.codecId)?.mimeType ?? "";
		}
		return figures;
	})()`)
}

// receives waits for media to come to the page, and to go on coming.
func (p page) receives(want shown) {
	p.t.Helper()
	p.eventually(patience, connected, "the page is connected")
	before := p.received()
	if want.codec != "" {
		p.eventually(patience, `document.querySelector("video").videoWidth > 0`, "a picture")
		p.eventually(patience, more("framesDecoded", float64(before.Decoded+enoughPictures)), "the picture moves")
	}
	if want.sound {
		p.eventually(patience, more("totalAudioEnergy", before.Energy), "a sound")
	}
	after := p.received()
	if !strings.EqualFold(after.Codec, want.codec) {
		p.t.Errorf("received %q, want %q", after.Codec, want.codec)
	}
	if !want.sound && after.Energy > 0 {
		p.t.Errorf("there is sound of energy %g, want none", after.Energy)
	}
}

// more holds in a page where a figure of something received is above a value.
func more(figure string, than float64) string {
	return fmt.Sprintf(`[...(await window.rostrum.pc.getStats()).values()].some((s) => s.type === "inbound-rtp" && s.%s > %g)`, figure, than)
}
