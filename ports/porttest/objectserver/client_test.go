package objectserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"rostrum/ports/porttest/objectserver"
)

// client speaks a store's protocol, without trying anything again.
type client interface {
	// put returns the status, 0 where there is no answer.
	put(t *testing.T, endpoint, bucket, key, content string) int
	get(t *testing.T, endpoint, bucket, key string) string
	told(t *testing.T, endpoint, bucket, key string) told
}

// told is what a store says of an object.
type told struct {
	size     int64
	checksum string
}

func startGCS(t *testing.T) (*objectserver.Server, client) {
	return objectserver.GCS(t), gcsClient{}
}

func startS3(t *testing.T) (*objectserver.Server, client) {
	s := objectserver.S3(t)
	return s, s3Client{s}
}

type gcsClient struct{}

func (gcsClient) put(t *testing.T, endpoint, bucket, key, content string) int {
	t.Helper()
	status, _ := ask(t, http.MethodPost, endpoint+"/upload/storage/v1/b/"+bucket+"/o?uploadType=media&name="+key, content)
	return status
}

func (gcsClient) get(t *testing.T, endpoint, bucket, key string) string {
	t.Helper()
	_, body := ask(t, http.MethodGet, endpoint+"/"+bucket+"/"+key, "")
	return body
}

func (gcsClient) told(t *testing.T, endpoint, bucket, key string) told {
	t.Helper()
	_, body := ask(t, http.MethodGet, endpoint+"/storage/v1/b/"+bucket+"/o/"+key, "")
	var object struct{ Size, Crc32c string }
	if err := json.Unmarshal([]byte(body), &object); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	size, err := strconv.ParseInt(object.Size, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return told{size, object.Crc32c}
}

// ask returns status and body of an answer, 0 where there is none.
func ask(t *testing.T, method, url, content string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	r.Close = true
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, string(body)
}

type s3Client struct{ server *objectserver.Server }

func (c s3Client) sdk(t *testing.T, endpoint string) *sdk.Client {
	transport := &http.Transport{DisableKeepAlives: true}
	return sdk.New(sdk.Options{
		BaseEndpoint: &endpoint, Region: c.server.Region, UsePathStyle: true, HTTPClient: &http.Client{Transport: transport}, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: c.server.AccessKey, SecretAccessKey: c.server.SecretKey}, nil
		}),
	})
}

func (c s3Client) put(t *testing.T, endpoint, bucket, key, content string) int {
	t.Helper()
	_, err := c.sdk(t, endpoint).PutObject(t.Context(), &sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader([]byte(content))})
	if err == nil {
		return http.StatusOK
	}
	var answered interface{ HTTPStatusCode() int }
	var api smithy.APIError
	if errors.As(err, &answered) && errors.As(err, &api) {
		return answered.HTTPStatusCode()
	}
	return 0
}

func (c s3Client) get(t *testing.T, endpoint, bucket, key string) string {
	t.Helper()
	got, err := c.sdk(t, endpoint).GetObject(t.Context(), &sdk.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

func (c s3Client) told(t *testing.T, endpoint, bucket, key string) told {
	t.Helper()
	head, err := c.sdk(t, endpoint).HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: &bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
	if err != nil {
		t.Fatal(err)
	}
	return told{aws.ToInt64(head.ContentLength), aws.ToString(head.ChecksumCRC32) + aws.ToString(head.ChecksumCRC64NVME)}
}
