package objectserver

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Lie is what a store lies about.
type Lie string

// The lies.
const (
	LieChecksum Lie = "checksum" // of a whole object, in whatever algorithm
	LieSize     Lie = "size"     // of a whole object
)

// gcsLies finds what is said of an object in JSON.
var gcsLies = map[Lie]*regexp.Regexp{
	LieChecksum: regexp.MustCompile(`("(?:crc32c|md5Hash)"\s*:\s*")([^"]*)`),
	LieSize:     regexp.MustCompile(`("size"\s*:\s*")([^"]*)`),
}

func gcsLie(r *http.Response, about Lie, body []byte) []byte {
	if hashes := r.Header.Values("X-Goog-Hash"); about == LieChecksum && len(hashes) > 0 {
		r.Header.Set("X-Goog-Hash", "crc32c=AAAAAA==,md5=AAAAAAAAAAAAAAAAAAAAAA==")
	}
	return gcsLies[about].ReplaceAllFunc(body, func(said []byte) []byte { return falsify(gcsLies[about], said) })
}

// s3Checksum finds the checksum of an object that was put together of parts.
var s3Checksum = regexp.MustCompile(`(<Checksum[A-Z0-9]+>)([^<]*)`)

func s3Lie(r *http.Response, about Lie, body []byte) []byte {
	switch {
	case r.Request.URL.Query().Has("partNumber"): // the answer is about a part
		return body
	case about == LieSize:
		if r.Request.Method == http.MethodHead && r.ContentLength >= 0 {
			r.ContentLength++
			r.Header.Set("Content-Length", strconv.FormatInt(r.ContentLength, 10))
		}
		return body
	}
	for name, values := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Checksum-") && name != "X-Amz-Checksum-Type" {
			r.Header.Set(name, other(values[0]))
		}
	}
	return s3Checksum.ReplaceAllFunc(body, func(said []byte) []byte { return falsify(s3Checksum, said) })
}

// falsify keeps the first group of what was found and changes the second.
func falsify(found *regexp.Regexp, said []byte) []byte {
	groups := found.FindSubmatch(said)
	return append(append([]byte{}, groups[1]...), other(string(groups[2]))...)
}

// other returns a text of the same form: its first letter or digit is another one.
func other(text string) string {
	if text == "" {
		return text
	}
	first := "1"
	if strings.HasPrefix(text, first) {
		first = "2"
	}
	return first + text[1:]
}
