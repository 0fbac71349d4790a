package domain_test

import (
	"strings"
	"testing"

	"rostrum/domain"
)

const random = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func TestASecretTellsItsRoomAndItsHashNothing(t *testing.T) {
	secret := domain.NewTokenSecret("hall", random)
	if want := domain.TokenSecret("rostrum.hall." + random); secret != want {
		t.Errorf("%q, want %q", secret, want)
	}
	hash := secret.Hash()
	if strings.Contains(string(hash[:]), random[:4]) || hash == (domain.TokenHash{}) {
		t.Errorf("hash %x", hash)
	}
	for _, other := range []domain.TokenSecret{
		domain.NewTokenSecret("Hall", random), domain.NewTokenSecret("hall", strings.ToLower(random)), secret + "x", secret[:len(secret)-1], "",
	} {
		if other.Hash() == hash {
			t.Errorf("%q has the same hash", other)
		}
	}
}

func TestParseTokenSecret(t *testing.T) {
	for text, room := range map[string]domain.RoomName{
		"rostrum.hall." + random: "hall",
		"rostrum.a.b":            "a",
		"rostrum.a.b.c":          "a", // and none of its tokens, which is found out by its hash
		"rostrum.a.":             "a",
		"rostrum.-_.x":           "-_",
		"rostrum.a":              "",
		"rostrum..x":             "",
		"rostrum.":               "",
		"rostrum":                "",
		"":                       "",
		"Rostrum.hall.x":         "",
		" rostrum.hall.x":        "",
		"rostrum.ha ll.x":        "",
		"rostrum.h\x00.x":        "",
		"rostrum." + strings.Repeat("h", 65) + ".x":  "",
		"eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.AA": "",
	} {
		secret, got, ok := domain.ParseTokenSecret(text)
		if ok != (room != "") || got != room || ok != (secret != "") || ok && string(secret) != text {
			t.Errorf("%q: %q, %q, %v, want room %q", text, secret, got, ok, room)
		}
	}
}

// FuzzParseTokenSecret reads anything as a secret: what is one is kept whole, and what
// was made for a room is one of that room's.
func FuzzParseTokenSecret(f *testing.F) {
	for _, seed := range []string{"", "rostrum.", "rostrum.hall." + random, "rostrum.a.b.c", "rostrum..", "\xff.\x00", "hall"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		secret, room, ok := domain.ParseTokenSecret(text)
		if ok {
			if _, err := domain.ParseRoomName(string(room)); err != nil || string(secret) != text || !strings.HasPrefix(text, "rostrum."+string(room)+".") {
				t.Errorf("%q is read as %q of %q", text, secret, room)
			}
		} else if room != "" || secret != "" {
			t.Errorf("%q is none, and is %q of the room %q", text, secret, room)
		}
		name, err := domain.ParseRoomName(text)
		if err != nil {
			return
		}
		made := domain.NewTokenSecret(name, random)
		if back, of, ok := domain.ParseTokenSecret(string(made)); !ok || back != made || of != name {
			t.Errorf("%q comes back as %q of %q, %v", made, back, of, ok)
		}
	})
}
