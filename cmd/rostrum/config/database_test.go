package config_test

import (
	"fmt"
	"testing"

	"rostrum/cmd/rostrum/config"
)

// A database's password is in what Reveal returns and nowhere else.
func TestDatabaseURLMasksItsPassword(t *testing.T) {
	for url, want := range map[string]string{
		"sqlite:data/rostrum.db": "sqlite:data/rostrum.db",
		"memory:":                "memory:",
		"postgres://u:hunter2@h:5432/db?sslmode=prefer": "postgres://u:xxxxx@h:5432/db?sslmode=prefer",
		"postgres://u@h/db?passfile=/run/pgpass":        "postgres://u@h/db?passfile=/run/pgpass",
		"postgres://h/db?password=hunter2&user=u":       "postgres://h/db?password=xxxxx&user=u",
		"postgres://u@h/db?sslpassword=hunter2":         "postgres://u@h/db?sslpassword=xxxxx",
		"host=h user=u password=hunter2":                "***",
		"u:hunter2@h/db":                                "***",
		"mysql://u:hunter2@h/db":                        "***",
		"postgres://u:hunter%2@h/db":                    "***",
	} {
		u := config.DatabaseURL(url)
		text, err := u.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		for _, shown := range []string{u.String(), fmt.Sprintf("%q", u), fmt.Sprintf("%#v", u), string(text), u.LogValue().String()} {
			if shown != want {
				t.Errorf("%s shows as %s, want %s", url, shown, want)
			}
		}
		if u.Reveal() != url {
			t.Errorf("Reveal of %s is %s", url, u.Reveal())
		}
	}
}

func TestEngine(t *testing.T) {
	for url, want := range map[string][2]string{
		"sqlite:/var/lib/x?.db": {"sqlite", "/var/lib/x?.db"},
		"postgres://h/db":       {"postgres", "//h/db"},
		"postgresql://h/db":     {"postgres", "//h/db"},
		"memory:":               {"memory", ""},
	} {
		if name, path := (config.Database{URL: config.DatabaseURL(url)}).Engine(); [2]string{name, path} != want {
			t.Errorf("%s is %s with %s, want %v", url, name, path, want)
		}
	}
}
