package egress

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// The keys of RFC 3711, appendix B.3.
func TestKeysAreDerivedAsTheStandardShows(t *testing.T) {
	d, err := newDerivation(unhex(t, "e1f97a0d3e018be0d64fa32c06de4139"), unhex(t, "0ec675ad498afeebb6960b3aabe6"))
	must(t, err)
	for _, c := range []struct {
		name  string
		label byte
		want  string
	}{
		{"cipher key", labelEncryption, "c61e7a93744f39ee10734afe3ff7a087"},
		{"cipher salt", labelSalt, "30cbbc08863d8c85d49db34a9ae1"},
		{"auth key, of several blocks", 1, "cebe321f6ff7716b6fd4ab49af256a156d38baa4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := unhex(t, c.want)
			if got := d.key(c.label, len(want)); !bytes.Equal(got, want) {
				t.Errorf("got %x, want %x", got, want)
			}
		})
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	must(t, err)
	return b
}
