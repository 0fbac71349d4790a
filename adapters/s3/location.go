package s3

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"rostrum/domain"
)

// location is what a storage URL says.
type location struct {
	bucket   string
	prefix   string // "", or what all keys begin with, with its slash
	endpoint string // "": AWS's of the region
	region   string // "": what the SDK finds
	style    string // path_style, "" where it is not given
}

// bucketName is the widest that stores allow; what is wrong beyond it the store says.
var bucketName = regexp.MustCompile(`\A[A-Za-z0-9][A-Za-z0-9._-]{2,62}\z`)

// parse reads s3://bucket/prefix?endpoint=http://host:port&region=name&path_style=true.
// Its errors never have anything of the URL in them that could be a secret.
func parse(raw string) (location, error) {
	u, err := url.Parse(raw)
	if err != nil {
		if broken, ok := errors.AsType[*url.Error](err); ok {
			err = broken.Err // which does not repeat the URL
		}
		return location{}, fmt.Errorf("the URL of the store cannot be read, want s3://bucket/prefix: %w", err)
	}
	l := location{bucket: u.Host, prefix: strings.Trim(u.Path, "/")}
	switch {
	case u.Scheme != "s3" || u.Opaque != "":
		return location{}, errors.New("the URL of the store must begin with s3://")
	case u.User != nil:
		return location{}, errNoSecrets
	case !bucketName.MatchString(l.bucket):
		return location{}, fmt.Errorf("%q is no name of a bucket: the URL of the store must be s3://bucket/prefix, a host belongs in its parameter endpoint", l.bucket)
	case u.Fragment != "":
		return location{}, errors.New("the URL of the store must have no # in it")
	case l.prefix != "" && !domain.ObjectKey(l.prefix).Valid():
		return location{}, fmt.Errorf("the prefix %q must be letters, digits, dots, hyphens, underscores and equals signs between single slashes", l.prefix)
	}
	if l.prefix != "" {
		l.prefix += "/"
	}
	return l, l.parameters(u.RawQuery)
}

var errNoSecrets = errors.New("the URL of the store must have no credentials in it: they belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the AWS credentials file, or in the role of the machine")

func (l *location) parameters(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("the parameters of the store's URL cannot be read: escape what they have of %, & and ;")
	}
	for name, given := range values {
		if len(given) > 1 {
			return fmt.Errorf("the parameter %s stands in the store's URL more than once", name)
		}
		switch name {
		case "endpoint":
			l.endpoint = given[0]
		case "region":
			l.region = given[0]
		case "path_style":
			l.style = given[0]
		default:
			return fmt.Errorf("the store's URL has an unknown parameter %s: there are endpoint, region and path_style. Credentials belong in the environment", name)
		}
	}
	if _, err := strconv.ParseBool(l.style); err != nil && l.style != "" {
		return fmt.Errorf("the parameter path_style of the store's URL must be true or false, not %q", l.style)
	}
	if l.endpoint != "" {
		return checkEndpoint(l.endpoint)
	}
	return nil
}

func checkEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "":
		return errors.New("the parameter endpoint of the store's URL must be like https://host:port")
	case u.User != nil:
		return errNoSecrets
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("the parameter endpoint of the store's URL must have no ? and no # in it")
	}
	return nil
}

// pathStyle reports whether the bucket's name goes into the path rather than into the
// host's name, which few stores but AWS's have a wildcard certificate for.
func (l *location) pathStyle(ownEndpoint bool) bool {
	if asked, err := strconv.ParseBool(l.style); err == nil {
		return asked
	}
	return ownEndpoint
}

// String names the place as errors do.
func (l *location) String() string {
	place := "s3://" + l.bucket
	if l.endpoint != "" {
		place += " at " + l.endpoint
	}
	return place
}
