package s3

import (
	"context"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	static "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Origins returns the origin (scheme://host) of signed URLs. It asks nobody, and needs
// no credentials.
func (o *Objects) Origins() []string {
	nobody := s3.WithPresignClientFromClientOptions(func(opts *s3.Options) {
		opts.Credentials = static.NewStaticCredentialsProvider("any", "any", "")
	})
	signed, err := o.presigner.PresignGetObject(context.Background(), &s3.GetObjectInput{Bucket: &o.location.bucket, Key: aws.String("any")},
		func(opts *s3.PresignOptions) { nobody(opts) })
	if err != nil {
		return nil
	}
	u, err := url.Parse(signed.URL)
	if err != nil {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}
