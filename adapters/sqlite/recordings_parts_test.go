package sqlite

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

func TestPartsAreKeptAsEver(t *testing.T) {
	want := []domain.Part{
		{
			File: "1.mp4", Publisher: "session-1", Video: "H264", Audio: "Opus", Width: 1280, Height: 720,
			Started:  time.Date(2026, time.March, 29, 12, 0, 0, 123_456_000, time.UTC),
			Duration: 61*time.Second + 1, Pictures: 1830, Sounds: 3050,
			Gaps: []domain.Gap{
				{Kind: "video", At: 5*time.Second + 1, Length: 250 * time.Millisecond, Reason: "slow disk"},
				{Kind: "audio", Length: 20 * time.Millisecond, Reason: "lost"},
			},
			Bytes: 1<<53 + 1, SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", CRC32C: 1<<32 - 1,
		},
		{File: "2.webm", Publisher: "session-2", Audio: "Opus", Duration: 20 * time.Millisecond, Sounds: 1, Bytes: 400},
	}
	golden(t, "recordings_parts.json", want, func(of *[]domain.Part) any { return parts{of} })
}

func TestPartsOfAnotherForm(t *testing.T) {
	for name, c := range map[string]struct {
		column any
		want   []domain.Part
		fails  bool
	}{
		"none":                     {"[]", nil, false},
		"a field that is missing":  {`[{"file":"1.mp4","started_us":0}]`, []domain.Part{{File: "1.mp4", Started: time.UnixMicro(0).UTC()}}, false},
		"a field that is not ours": {`[{"file":"1.mp4","started_us":0,"mood":"good"}]`, []domain.Part{{File: "1.mp4", Started: time.UnixMicro(0).UTC()}}, false},
		"cut":                      {`[{"file":"1.m`, nil, true},
		"a number for a text":      {`[{"file":1}]`, nil, true},
		"no text":                  {int64(5), nil, true},
		"NULL":                     {nil, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			var got []domain.Part
			if err := (parts{&got}).Scan(c.column); (err != nil) != c.fails {
				t.Errorf("error %v, want one: %v", err, c.fails)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}
