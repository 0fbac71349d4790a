package config_test

import (
	"testing"

	"rostrum/cmd/rostrum/config"
)

func TestSize(t *testing.T) {
	for _, row := range []struct {
		text  string
		bytes int64
		again string
	}{
		{"20GiB", 20 << 30, "20GiB"},
		{"500MB", 500e6, "500MB"},
		{"1024 KiB", 1 << 20, "1MiB"},
		{"1.5GiB", 3 << 29, "1536MiB"},
		{"1234567", 1234567, "1234567B"},
		{"off", 0, "off"},
	} {
		var size config.Size
		if err := size.UnmarshalText([]byte(row.text)); err != nil {
			t.Errorf("%s: %v", row.text, err)
			continue
		}
		if size.Bytes() != row.bytes || size.String() != row.again {
			t.Errorf("%s is %d bytes and prints as %s, want %d and %s", row.text, size.Bytes(), size, row.bytes, row.again)
		}
		if again := (config.Size{}); again.UnmarshalText([]byte(size.String())) != nil || again != size {
			t.Errorf("%s prints as %s, which reads as %s", row.text, size, again)
		}
	}
}

func TestSizeRefuses(t *testing.T) {
	for _, text := range []string{"", "0", "-1GiB", "20 apples", "GiB", "OFF", "1e400", "16EiB"} {
		size := config.Size{}
		err := size.UnmarshalText([]byte(text))
		if want := `must be a size such as 20GiB or 500MB, or "off", not "` + text + `"`; err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if size != (config.Size{}) {
			t.Errorf("%q: refused, and yet set to %s", text, size)
		}
	}
}
