package gcs

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"rostrum/domain"
)

// bucketName is what Google lets a bucket be called.
var bucketName = regexp.MustCompile(`\A[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]\z`)

// location is where objects are kept.
type location struct {
	bucket string
	prefix string // what their names begin with, before a slash; "" for nothing
}

// parse reads gs://bucket or gs://bucket/prefix.
func parse(text string) (location, error) {
	u, err := url.Parse(text)
	if err != nil {
		return location{}, errors.New("storage.url is not a URL: write gs://bucket or gs://bucket/prefix")
	}
	at := location{bucket: u.Host, prefix: strings.Trim(u.Path, "/")}
	switch {
	case u.Scheme != "gs":
		return location{}, fmt.Errorf("storage.url begins with %q: write gs://bucket or gs://bucket/prefix", u.Scheme+":")
	case u.User != nil:
		return location{}, errors.New("storage.url has credentials in it: take them out, and name a key file in GOOGLE_APPLICATION_CREDENTIALS")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return location{}, errors.New("storage.url has parameters, of which gs: knows none: take away what follows the prefix")
	case !bucketName.MatchString(at.bucket):
		return location{}, fmt.Errorf("storage.url names the bucket %q: a bucket has 3 to 222 small letters, digits, dots, hyphens and underscores", at.bucket)
	case at.prefix != "" && !domain.ObjectKey(at.prefix).Valid():
		return location{}, fmt.Errorf("storage.url has the prefix %q: use letters, digits, dots, hyphens, underscores and equals signs between single slashes", at.prefix)
	default:
		return at, nil
	}
}

// name returns the name of an object in the bucket.
func (l location) name(key domain.ObjectKey) string {
	if l.prefix == "" {
		return string(key)
	}
	return l.prefix + "/" + string(key)
}

// String returns the location as storage.url has it.
func (l location) String() string {
	if l.prefix == "" {
		return "gs://" + l.bucket
	}
	return "gs://" + l.bucket + "/" + l.prefix
}
