package config

import (
	"reflect"
	"strings"
)

// wrong are values of which each kind of check refuses one.
var wrong = []string{"", "?", "x", "-1", "101", "25h", "no such thing at all, nowhere", "a:b", "x:65536", "sqlite:", "file:", "gs:", "turn", "stun:a:0", "§§§§§§§§§"}

// bounds returns what the checks say that the key must be, having given it what they refuse. Of a list of mappings the
// key may be one of the first.
func bounds(path string) string {
	var said []string
	for _, text := range wrong {
		cfg := Default()
		if f, found := lookUp(&cfg, path); !found || f.set(f.read(text)) != nil {
			continue
		}
		cfg.check(func(at string, err error) {
			if err == nil || (at != path && at != path+"[0]") {
				return
			}
			must, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "must "), ", not ")
			must, _, _ = strings.Cut(must, ": stat ")
			if all := strings.Join(said, "; "); !strings.Contains(all, must) {
				said = append(said, must)
			}
		})
	}
	return strings.Join(said, "; ")
}

// lookUp finds the key, in the first mapping of a list if it is of one.
func lookUp(cfg *Config, path string) (field, bool) {
	list, inside, _ := strings.Cut(path, "[0]")
	for _, f := range fields(cfg, "") {
		switch {
		case f.path != list:
		case inside == "":
			return f, true
		default:
			f.value.Set(reflect.MakeSlice(f.value.Type(), 1, 1))
			for _, key := range fields(f.value.Index(0).Addr().Interface(), list+"[0]") {
				if key.path == path {
					return key, true
				}
			}
		}
	}
	return field{}, false
}
