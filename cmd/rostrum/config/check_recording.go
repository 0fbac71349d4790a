package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"rostrum/domain"
)

// The stores that storage.url can name.
const (
	StoreFile = "file" // a directory
	StoreGCS  = "gs"   // Google Cloud Storage
	StoreS3   = "s3"   // S3 and what speaks like it
)

// Store returns which store it is, and of StoreFile the directory.
func (s Storage) Store() (name, directory string) {
	name, directory, _ = strings.Cut(s.URL, ":")
	return name, directory
}

func (s Storage) check(report reporter) {
	report("storage.url", s.checkURL())
	report("storage.key", domain.KeyTemplate(s.Key).Check())
}

func (s Storage) checkURL() error {
	switch name, rest := s.Store(); {
	case name == StoreFile && rest == "":
		return errors.New("must name a directory after file: such as file:data/recordings")
	case name == StoreFile:
		return nil
	case name != StoreGCS && name != StoreS3:
		return fmt.Errorf("must be file:DIRECTORY, gs://BUCKET/PREFIX or s3://BUCKET/PREFIX, not %q", s.URL)
	}
	if u, err := url.Parse(s.URL); err != nil || u.Host == "" {
		return fmt.Errorf("must name a bucket such as gs://acme-video/live, not %q", s.URL)
	}
	return nil
}

func (r Recording) check(report reporter) {
	if r.Dir == "" {
		report("recording.dir", errors.New("must name a directory such as data/spool"))
	}
	for i, room := range r.RetentionRooms {
		report(at("recording.retention_rooms", i)+".rooms", checkGlob(room.Rooms))
	}
}

// leastSecret is how many characters a secret has at least that signs.
const leastSecret = 24

func (w Webhooks) check(report reporter) {
	for i, text := range w.URLs {
		if u, err := url.Parse(text); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			report(at("webhooks.urls", i), fmt.Errorf("must be an http:// or https:// URL, not %q", text))
		}
	}
	switch {
	case len(w.URLs) > 0 && w.Secret == "":
		report("webhooks.secret", errors.New(`must be given with webhooks.urls; make one by: echo "whsec_$(openssl rand -base64 24)"`))
	case w.Secret != "" && len(w.Secret.Reveal()) < leastSecret:
		report("webhooks.secret", fmt.Errorf("must have at least %d characters", leastSecret))
	}
}
