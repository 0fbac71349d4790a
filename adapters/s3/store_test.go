package s3_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"rostrum/ports/porttest/objectserver"
)

// store stands before a server and makes another product of it.
type store struct {
	url    string
	refuse func(r *http.Request) (code string) // "" where it is passed on
	change func(answer *http.Response)

	mu    sync.Mutex
	asked []string // method, and what tells the operation
}

// before stands before the server. What its hooks are is decided before it is asked.
func before(t *testing.T, server *objectserver.Server) *store {
	t.Helper()
	s := &store{refuse: func(*http.Request) string { return "" }, change: func(*http.Response) {}}
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	onward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { // Host stays, which is signed
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
		},
		ModifyResponse: func(answer *http.Response) error {
			s.change(answer)
			return nil
		},
	}
	s.url = serve(t, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, operation(r))
		s.mu.Unlock()
		code := s.refuse(r)
		if code == "" {
			onward.ServeHTTP(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(statuses[code])
		_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code><Message>no</Message></Error>")
	})
	return s
}

func serve(t *testing.T, answer http.HandlerFunc) (address string) {
	t.Helper()
	front := httptest.NewServer(answer)
	t.Cleanup(front.Close)
	return front.URL
}

var statuses = map[string]int{"NotImplemented": 501, "InvalidArgument": 400, "AccessDenied": 403, "InternalError": 500}

// operation tells S3's operations apart.
func operation(r *http.Request) string {
	q := r.URL.Query()
	for parameter, suffix := range map[string]string{"uploads": " uploads", "partNumber": " part", "uploadId": " upload"} {
		if q.Has(parameter) && (parameter != "uploadId" || !q.Has("partNumber")) {
			return r.Method + suffix
		}
	}
	return r.Method
}

// count returns how often an operation was asked for.
func (s *store) count(operation string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.asked {
		if o == operation {
			n++
		}
	}
	return n
}

// client is Amazon's own, to do what Objects does not.
func client(server *objectserver.Server) *sdk.Client {
	return sdk.New(sdk.Options{
		BaseEndpoint: &server.URL, Region: server.Region, UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: server.AccessKey, SecretAccessKey: server.SecretKey}, nil
		}),
	})
}

// uploads returns the keys and ids of what has been sent in part.
func uploads(t *testing.T, server *objectserver.Server, bucket string) (keys, ids []string) {
	t.Helper()
	listed, err := client(server).ListMultipartUploads(t.Context(), &sdk.ListMultipartUploadsInput{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range listed.Uploads {
		keys, ids = append(keys, *u.Key), append(ids, *u.UploadId)
	}
	return keys, ids
}

// beginUpload leaves an upload with one part.
func beginUpload(t *testing.T, server *objectserver.Server, bucket, key string) {
	t.Helper()
	c := client(server)
	made, err := c.CreateMultipartUpload(t.Context(), &sdk.CreateMultipartUploadInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.UploadPart(t.Context(), &sdk.UploadPartInput{
		Bucket: &bucket, Key: &key, UploadId: made.UploadId, PartNumber: aws.Int32(1), Body: bytes.NewReader(make([]byte, 1000)),
	}); err != nil {
		t.Fatal(err)
	}
}
