// Package gcs keeps objects in a bucket of Google Cloud Storage.
//
// It speaks the JSON API with Application Default Credentials: a workload identity,
// or the key that GOOGLE_APPLICATION_CREDENTIALS names. What they stand for needs the
// role roles/storage.objectUser on the bucket, and to sign URLs without a key
// roles/iam.serviceAccountTokenCreator on itself. Where STORAGE_EMULATOR_HOST is set
// that server is used, without credentials.
package gcs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"
	"cloud.google.com/go/storage"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"

	"rostrum/domain"
	"rostrum/ports"
)

// What Config leaves open.
const (
	defaultPatience = 30 * time.Second
	defaultStall    = 2 * time.Minute
)

// Config says where objects are kept, and how long to wait for that.
type Config struct {
	// URL is gs://bucket or gs://bucket/prefix.
	URL string
	// Patience is how long one call goes on trying when the store cannot be reached
	// or is busy. Whatever part of an upload has arrived begins it anew. 0: 30 s.
	Patience time.Duration
	// Stall is how long one request of an upload may take, which carries 8 MiB at
	// most, before it is taken for lost. 0: 2 min.
	Stall time.Duration
}

// Objects keeps objects in a bucket. Its methods may be called from any goroutine.
type Objects struct {
	location
	client   *storage.Client
	handle   *storage.BucketHandle // tries again what is passing, for patience
	signer   signer
	account  string // the service account that the credentials are of; "": unknown
	patience time.Duration
	stall    time.Duration
}

var _ ports.Objects = (*Objects)(nil)

// Open finds the credentials and asks the bucket for nothing, so that it may be out
// of reach. Errors say what to change.
func Open(ctx context.Context, config Config) (*Objects, error) {
	at, err := parse(config.URL)
	if err != nil {
		return nil, err
	}
	credential, err := detect()
	if err != nil {
		return nil, fmt.Errorf("%s: no credentials for Google Cloud: run with a workload identity, or name a service account's key file in GOOGLE_APPLICATION_CREDENTIALS: %w", at, err)
	}
	options := []option.ClientOption{storage.WithJSONReads()}
	if credential != nil {
		options = append(options, option.WithAuthCredentials(credential))
	}
	client, err := storage.NewClient(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("%s: Google Cloud Storage cannot be used, see to GOOGLE_APPLICATION_CREDENTIALS and STORAGE_EMULATOR_HOST: %w", at, err)
	}
	o := &Objects{
		location: at,
		client:   client,
		signer:   signer{credential: credential},
		account:  identify(credential).account(),
		patience: orElse(config.Patience, defaultPatience),
		stall:    orElse(config.Stall, defaultStall),
	}
	o.handle = client.Bucket(at.bucket).Retryer(
		storage.WithPolicy(storage.RetryAlways), // every call here may be repeated
		storage.WithMaxRetryDuration(o.patience),
		storage.WithBackoff(gax.Backoff{Initial: o.patience / 100, Max: o.patience / 6, Multiplier: 2}),
	)
	return o, nil
}

// detect returns the default credentials, nil for those of an emulator, which needs
// none. Tokens are fetched when they are needed.
func detect() (*auth.Credentials, error) {
	if os.Getenv("STORAGE_EMULATOR_HOST") != "" {
		return nil, nil
	}
	// The one scope for storage and for signing. What may be done is up to IAM.
	return credentials.DetectDefault(&credentials.DetectOptions{Scopes: []string{"https://www.googleapis.com/auth/cloud-platform"}})
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// Close lets go of the connections. Nothing may be called afterwards.
func (o *Objects) Close() error { return o.client.Close() }

// Check asks once whether the bucket is there and lets us in, and says what is wrong.
// It does not tell whether objects may be written.
func (o *Objects) Check(ctx context.Context) error {
	objects := o.handle.Retryer(storage.WithPolicy(storage.RetryNever)).Objects(ctx, &storage.Query{Prefix: o.prefix, Projection: storage.ProjectionNoACL})
	objects.PageInfo().MaxSize = 1
	_, err := objects.Next()
	if err == nil || errors.Is(err, iterator.Done) || status(err) == http.StatusForbidden {
		return nil // who may not list objects may well write and read them
	}
	return o.explain(ctx, "storage.objects.list", err)
}

// Stat returns an object's size, or [ports.ErrNoObject].
func (o *Objects) Stat(ctx context.Context, key domain.ObjectKey) (int64, error) {
	attrs, err := o.attrs(ctx, key)
	if err != nil {
		return 0, err
	}
	return attrs.Size, nil
}

func (o *Objects) attrs(ctx context.Context, key domain.ObjectKey) (*storage.ObjectAttrs, error) {
	asking, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	attrs, err := o.object(key).Attrs(asking)
	if err != nil {
		return nil, o.explainReading(ctx, err)
	}
	return attrs, nil
}

// Open reads an object, of which nothing is left behind its end. A read that breaks
// off is begun again where it was. Ending the context ends it.
func (o *Objects) Open(ctx context.Context, key domain.ObjectKey, offset, length int64) (io.ReadCloser, error) {
	r, err := o.object(key).NewRangeReader(ctx, offset, length)
	if status(err) == http.StatusRequestedRangeNotSatisfiable {
		return http.NoBody, nil
	}
	if err != nil {
		return nil, o.explainReading(ctx, err)
	}
	return r, nil
}

// Delete removes an object, if it is there. A bucket that keeps versions keeps this
// one as well.
func (o *Objects) Delete(ctx context.Context, key domain.ObjectKey) error {
	asking, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	err := o.object(key).Delete(asking)
	if err == nil || isNoObject(err) {
		return nil
	}
	return o.explain(ctx, "storage.objects.delete", err)
}

func (o *Objects) object(key domain.ObjectKey) *storage.ObjectHandle {
	return o.handle.Object(o.name(key))
}
