package s3_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/s3"
)

// TestOpenReadsTheURL sees by a signed address where requests would go.
func TestOpenReadsTheURL(t *testing.T) {
	credentials(t, "access", "secret")
	t.Setenv("AWS_REGION", "eu-west-3")
	for raw, want := range map[string]struct{ address, region string }{
		"s3://bucket":                                  {"https://bucket.s3.eu-west-3.amazonaws.com/key", "eu-west-3"},
		"s3://bucket/":                                 {"https://bucket.s3.eu-west-3.amazonaws.com/key", "eu-west-3"},
		"s3://bucket/a/b":                              {"https://bucket.s3.eu-west-3.amazonaws.com/a/b/key", "eu-west-3"},
		"s3://bucket/a/b/":                             {"https://bucket.s3.eu-west-3.amazonaws.com/a/b/key", "eu-west-3"},
		"s3://bucket?region=ap-south-1":                {"https://bucket.s3.ap-south-1.amazonaws.com/key", "ap-south-1"},
		"s3://bucket?path_style=true":                  {"https://s3.eu-west-3.amazonaws.com/bucket/key", "eu-west-3"},
		"s3://bucket?endpoint=http://minio:9000":       {"http://minio:9000/bucket/key", "eu-west-3"},
		"s3://b.c/p?endpoint=https://store.example/s3": {"https://store.example/s3/b.c/p/key", "eu-west-3"},
		"s3://bucket?endpoint=http%3A%2F%2F%5B%3A%3A1%5D:9000&region=x&path_style=1":      {"http://[::1]:9000/bucket/key", "x"},
		"s3://bucket?endpoint=https://store.example&path_style=false&region=eu-central-1": {"https://bucket.store.example/key", "eu-central-1"},
	} {
		t.Run(raw, func(t *testing.T) { signsFor(t, raw, want.address, want.region) })
	}
	t.Setenv("AWS_REGION", "")
	t.Run("no region, an endpoint", func(t *testing.T) {
		signsFor(t, "s3://bucket?endpoint=http://minio:9000", "http://minio:9000/bucket/key", "us-east-1")
	})
	t.Setenv("AWS_ENDPOINT_URL_S3", "http://minio:9000")
	t.Run("no region, an endpoint of the environment", func(t *testing.T) {
		signsFor(t, "s3://bucket", "http://minio:9000/bucket/key", "us-east-1")
	})
}

func signsFor(t *testing.T, raw, want, region string) {
	t.Helper()
	objects := opened(t, s3.Config{URL: raw})
	signed, err := objects.URL(t.Context(), "key", time.Hour, "")
	if err != nil {
		t.Fatal(err)
	}
	got, query, _ := strings.Cut(signed, "?")
	parameters, _ := url.ParseQuery(query)
	if got != want || !strings.Contains(parameters.Get("X-Amz-Credential"), "/"+region+"/s3/") || parameters.Get("X-Amz-Expires") != "3600" {
		t.Errorf("an object is at %s, want it at %s, signed for %s and an hour", signed, want, region)
	}
}

func TestOpenRefuses(t *testing.T) {
	credentials(t, "access", "hidden")
	for raw, advice := range map[string]string{
		"":                                       "must begin with s3://",
		"bucket":                                 "must begin with s3://",
		"gs://bucket":                            "must begin with s3://",
		"s3:bucket":                              "must begin with s3://",
		"s3://":                                  "no name of a bucket",
		"s3://minio:9000/bucket":                 "a host belongs in its parameter endpoint",
		"s3://access:hidden@bucket":              "AWS_SECRET_ACCESS_KEY",
		"s3://access@bucket":                     "AWS_SECRET_ACCESS_KEY",
		"s3://hidden\x7f":                        "want s3://bucket/prefix",
		"s3://a:hidden@b:c":                      "want s3://bucket/prefix",
		"s3://bucket/a//b":                       "between single slashes",
		"s3://bucket/a/../b":                     "between single slashes",
		"s3://bucket/{room}":                     "between single slashes",
		"s3://bucket#fragment":                   "no #",
		"s3://bucket":                            "set AWS_REGION",
		"s3://bucket?regoin=x":                   "unknown parameter regoin",
		"s3://bucket?secret_key=hidden":          "unknown parameter secret_key",
		"s3://bucket?region=x&region=y":          "region stands in the store's URL more than once",
		"s3://bucket?region=%zz":                 "escape",
		"s3://bucket?region=x&path_style=maybe":  "path_style of the store's URL must be true or false",
		"s3://bucket?endpoint=minio:9000":        "like https://host:port",
		"s3://bucket?endpoint=ftp://minio":       "like https://host:port",
		"s3://bucket?endpoint=http://":           "like https://host:port",
		"s3://bucket?endpoint=http://a:hidden@b": "AWS_SECRET_ACCESS_KEY",
		"s3://bucket?endpoint=http://b?c":        "no ?",
	} {
		t.Run(raw, func(t *testing.T) {
			_, err := s3.Open(t.Context(), s3.Config{URL: raw})
			if err == nil || !strings.Contains(err.Error(), advice) {
				t.Errorf("%v, want an error that says %q", err, advice)
			}
			if err != nil && strings.Contains(err.Error(), "hidden") {
				t.Errorf("a secret is in the error %q", err)
			}
		})
	}
}

func TestURLIsGoodForAWeekAtMost(t *testing.T) {
	credentials(t, "access", "secret")
	objects := opened(t, s3.Config{URL: "s3://bucket?region=x"})
	for expires, good := range map[time.Duration]bool{0: false, -time.Second: false, time.Second: true, 7 * 24 * time.Hour: true, 7*24*time.Hour + 1: false} {
		if _, err := objects.URL(t.Context(), "key", expires, ""); (err == nil) != good {
			t.Errorf("an address for %v: %v", expires, err)
		}
	}
}
