// Package s3 keeps objects in a bucket of S3, or of a store that speaks its protocol:
// MinIO, Ceph and the like.
//
// Large content goes by the plain requests for uploads in parts, one after another.
// The SDK's transfer manager is for speed, by many parts at once that are held in
// memory; it neither verifies what the store has then, nor removes what an earlier
// process has left, nor says how far it is with what the store has confirmed.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/logging"

	"rostrum/domain"
	"rostrum/ports"
)

// Config says where objects are kept.
type Config struct {
	// URL is s3://bucket or s3://bucket/prefix, with these parameters, all optional:
	// endpoint (https://host:port) for a store that is not AWS's; region, otherwise
	// what AWS_REGION or the AWS configuration says, us-east-1 for an endpoint
	// without either; path_style (true, false), true by default for an endpoint.
	URL string

	// Patience is how long a request that fails for a passing reason is tried again,
	// from its first failure on. 0: 30 s.
	Patience time.Duration

	// Silence is how long nothing may move on a connection before it is given up,
	// which is a passing failure. 0: 2 min.
	Silence time.Duration
}

// Objects is a bucket, or what is below a prefix in it.
type Objects struct {
	client      *s3.Client
	presigner   *s3.PresignClient
	connections *http.Transport
	location    location
	patience    time.Duration
	puts        *turns
}

var _ ports.Objects = (*Objects)(nil)

// Open returns the store that the configuration names. Credentials are what the AWS
// SDK finds: in the environment, its files, a web identity, or the machine's role. It
// asks nobody yet: whether bucket and credentials are good, Check tells.
func Open(ctx context.Context, c Config) (*Objects, error) {
	place, err := parse(c.URL)
	if err != nil {
		return nil, err
	}
	found, err := config.LoadDefaultConfig(ctx, config.WithRegion(place.region), config.WithLogger(logging.Nop{}))
	if err != nil {
		return nil, fmt.Errorf("read the configuration of the AWS SDK, correct the file or the variable that it names: %w", err)
	}
	connections := transport(found.HTTPClient, orElse(c.Silence, 2*time.Minute))
	client := s3.NewFromConfig(found, place.apply, func(o *s3.Options) {
		o.HTTPClient = &http.Client{Transport: connections, CheckRedirect: toNowhere}
	})
	if client.Options().Region == "" {
		return nil, errors.New("the bucket's region is not known: add region=... to the URL of the store, or set AWS_REGION")
	}
	return &Objects{
		client: client, presigner: s3.NewPresignClient(client), location: place, connections: connections,
		patience: orElse(c.Patience, 30*time.Second), puts: newTurns(),
	}, nil
}

// Close closes the connections that nobody uses. Calls that go on are left alone.
func (o *Objects) Close() error {
	o.connections.CloseIdleConnections()
	return nil
}

// transport is the SDK's, with the certificates that the environment may name.
func transport(found aws.HTTPClient, silence time.Duration) *http.Transport {
	given, ok := found.(*awshttp.BuildableClient)
	if !ok {
		given = awshttp.NewBuildableClient()
	}
	t := given.GetTransport()
	t.DialContext = watch(t.DialContext, silence)
	return t
}

// toNowhere follows no redirect, since requests are signed for one host. To which
// region they should go, an error says.
func toNowhere(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func orElse(given, otherwise time.Duration) time.Duration {
	if given > 0 {
		return given
	}
	return otherwise
}

// apply has a client go to the location. Checksums are those that this package sends
// and asks for, and no others: not all stores know what the SDK would add.
func (l *location) apply(o *s3.Options) {
	if l.endpoint != "" {
		o.BaseEndpoint = &l.endpoint
	}
	own := o.BaseEndpoint != nil // by the environment, perhaps
	if o.Region == "" && own {
		o.Region = "us-east-1"
	}
	o.UsePathStyle = l.pathStyle(own)
	o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	if o.Credentials != nil {
		o.Credentials = credentials{o.Credentials}
	}
}

// patient has one request tried again for as long as the configuration says.
func (o *Objects) patient(options *s3.Options) {
	options.Retryer = newPatient(o.patience)
}

// Check reports whether the bucket is there and can be reached with the credentials
// that there are. What may be done in it, it does not tell.
func (o *Objects) Check(ctx context.Context) error {
	_, err := o.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &o.location.bucket}, o.patient)
	if absent(err) {
		err = &types.NoSuchBucket{} // what the answer to HEAD has no room for
	}
	return o.explain(ctx, "reach the bucket", err)
}

// Stat implements [ports.Objects].
func (o *Objects) Stat(ctx context.Context, key domain.ObjectKey) (int64, error) {
	head, err := o.head(ctx, o.name(key))
	if absent(err) {
		if err := o.Check(ctx); errors.Is(err, errNoBucket) {
			return 0, err
		}
		err = ports.ErrNoObject
	}
	if err != nil {
		return 0, o.explain(ctx, "look for "+string(key), err)
	}
	return aws.ToInt64(head.ContentLength), nil
}

// Open implements [ports.Objects]. The reader does not outlive ctx.
func (o *Objects) Open(ctx context.Context, key domain.ObjectKey, offset, length int64) (io.ReadCloser, error) {
	if length == 0 { // which no range can say
		_, err := o.Stat(ctx, key)
		return http.NoBody, err
	}
	in := &s3.GetObjectInput{Bucket: &o.location.bucket, Key: o.name(key)}
	switch {
	case length > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", offset, offset+length-1))
	case offset > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", offset))
	}
	got, err := o.client.GetObject(ctx, in, o.patient)
	switch {
	case status(err) == http.StatusRequestedRangeNotSatisfiable: // it begins at the end or behind it
		return http.NoBody, nil
	case code(err) == "NoSuchKey":
		err = ports.ErrNoObject
	}
	if err != nil {
		return nil, o.explain(ctx, "read "+string(key), err)
	}
	return got.Body, nil
}

// longestURL is how long S3 lets a signed address be good.
const longestURL = 7 * 24 * time.Hour

// URL implements [ports.Objects]. The address is signed here, so there is one whether
// the store can be reached or not. One that was signed with the passing credentials of
// a role ends with them, if that is earlier.
func (o *Objects) URL(ctx context.Context, key domain.ObjectKey, expires time.Duration, download string) (string, error) {
	if expires <= 0 || expires > longestURL {
		return "", fmt.Errorf("an address in %s can be good for up to %v, not for %v", &o.location, longestURL, expires)
	}
	in := &s3.GetObjectInput{Bucket: &o.location.bucket, Key: o.name(key)}
	if download != "" {
		in.ResponseContentDisposition = aws.String(mime.FormatMediaType("attachment", map[string]string{"filename": download}))
	}
	signed, err := o.presigner.PresignGetObject(ctx, in, s3.WithPresignExpires(expires))
	if err != nil {
		return "", o.explain(ctx, "sign an address of "+string(key), err)
	}
	return signed.URL, nil
}

// Delete implements [ports.Objects]. In a bucket that keeps versions the object stays
// as an old version.
func (o *Objects) Delete(ctx context.Context, key domain.ObjectKey) error {
	return o.explain(ctx, "delete "+string(key), o.remove(ctx, o.name(key)))
}

func (o *Objects) remove(ctx context.Context, name *string) error {
	_, err := o.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &o.location.bucket, Key: name}, o.patient)
	if code(err) == "NoSuchKey" {
		return nil
	}
	return err
}

func (o *Objects) head(ctx context.Context, name *string) (*s3.HeadObjectOutput, error) {
	return o.client.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: &o.location.bucket, Key: name, ChecksumMode: types.ChecksumModeEnabled,
	}, o.patient)
}

// name returns what the store knows an object by.
func (o *Objects) name(key domain.ObjectKey) *string {
	return aws.String(o.location.prefix + string(key))
}
