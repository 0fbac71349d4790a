package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"rostrum/ports"
)

// errNoBucket and errNoCredentials are errors that explain tells from others.
var (
	errNoBucket      = errors.New("there is no such bucket")
	errNoCredentials = errors.New("no credentials")
)

// credentials marks the failure to find any.
type credentials struct{ aws.CredentialsProvider }

// Retrieve finds credentials where the SDK looks for them.
func (c credentials) Retrieve(ctx context.Context) (aws.Credentials, error) {
	found, err := c.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		return aws.Credentials{}, fmt.Errorf("%w: %w", errNoCredentials, err)
	}
	return found, nil
}

// explain says what was to be done where, and what can be done about err, which may
// be nil.
func (o *Objects) explain(ctx context.Context, what string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // what else has failed has failed by that
		return fmt.Errorf("%s in %s: %w", what, &o.location, ctx.Err())
	case errors.Is(err, ports.ErrNoObject), errors.Is(err, ports.ErrObjectDiffers), errors.Is(err, ports.ErrChecksum):
		return fmt.Errorf("%s in %s: %w", what, &o.location, err)
	case code(err) == "NoSuchBucket":
		err = fmt.Errorf("%w: %w", errNoBucket, err)
	}
	if advice := o.advice(err); advice != "" {
		return fmt.Errorf("%s in %s: %s: %w", what, &o.location, advice, err)
	}
	return fmt.Errorf("%s in %s: %w", what, &o.location, err)
}

func (o *Objects) advice(err error) string {
	if _, local := errors.AsType[*contentError](err); local {
		return ""
	}
	if errors.Is(err, errNoCredentials) {
		return "no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role"
	}
	switch code(err) {
	case "NoSuchBucket":
		return fmt.Sprintf("there is no bucket %q: create it, or correct storage.url", o.location.bucket)
	case "InvalidAccessKeyId", "XAdminUserNotFound": // AWS's and versitygw's
		return "the store does not know the access key of the credentials: correct AWS_ACCESS_KEY_ID, or where else the AWS SDK found it"
	case "SignatureDoesNotMatch":
		return "the secret key of the credentials is not that of their access key: correct AWS_SECRET_ACCESS_KEY, or where else the AWS SDK found it"
	case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
		return "the credentials have expired: renew AWS_SESSION_TOKEN and the keys that it came with"
	case "RequestTimeTooSkewed":
		return "the clock of this machine or of the store is wrong: set it"
	case "PermanentRedirect", "MovedPermanently", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		return o.otherRegion(err)
	}
	switch s := status(err); {
	case s == http.StatusMovedPermanently, s == http.StatusTemporaryRedirect, s == http.StatusBadRequest && bucketRegion(err) != "":
		return o.otherRegion(err)
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		return "the credentials lack permission: they need s3:ListBucket and s3:ListBucketMultipartUploads on the bucket, s3:PutObject, s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload on what is in it"
	case s == http.StatusBadRequest && code(err) == "BadRequest": // to HEAD, which has no room for more
		return "the store gives no reason: see that storage.url has the bucket's region"
	case s == http.StatusTooManyRequests, s >= http.StatusInternalServerError:
		return "the store cannot at present: try again later"
	case s == 0 && asked(err):
		return "the store cannot be reached: see that it runs, and that storage.url has its endpoint"
	}
	return ""
}

func (o *Objects) otherRegion(err error) string {
	advice := "the bucket is not in the region " + o.client.Options().Region
	if region := bucketRegion(err); region != "" {
		return fmt.Sprintf("%s but in %s: set region=%s in storage.url", advice, region, region)
	}
	return advice + ": set region=... in storage.url to the bucket's"
}

// bucketRegion returns what AWS tells of the bucket's region when a request went to
// another one.
func bucketRegion(err error) string {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && answer.Response != nil {
		return answer.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}

// code returns S3's name of an error, "" where the store has given none.
func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// status returns the HTTP status that an error came with, 0 where there was no answer.
func status(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}

// asked reports whether err is the outcome of a request.
func asked(err error) bool {
	_, ok := errors.AsType[*smithy.OperationError](err)
	return ok
}

// absent reports whether err is the answer to HEAD for what is not there.
func absent(err error) bool { return status(err) == http.StatusNotFound }

// unexplained reports whether HEAD was refused, for which there is no reason in the
// answer, so that what is asked next will tell it. AWS also forbids to look for what is
// absent to those who may not list.
func unexplained(err error) bool {
	s := status(err)
	return s >= http.StatusBadRequest && s < http.StatusInternalServerError && s != http.StatusTooManyRequests
}

// taken reports whether the store has refused to overwrite an object.
func taken(err error) bool {
	s := status(err)
	return s == http.StatusPreconditionFailed || s == http.StatusConflict
}

// notKnown reports whether the store does not understand what it was asked for.
func notKnown(err error) bool {
	switch code(err) {
	case "NotImplemented", "InvalidArgument", "InvalidRequest":
		return true
	default:
		return status(err) == http.StatusNotImplemented
	}
}

// mangled reports whether the store has got something else than what was sent.
func mangled(err error) bool {
	switch code(err) {
	case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch":
		return true
	default:
		return false
	}
}

// forgivable reports whether the store does not do what it can do without.
func forgivable(err error) bool {
	return notKnown(err) || code(err) == "AccessDenied"
}
