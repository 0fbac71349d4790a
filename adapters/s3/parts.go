package s3

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const (
	partSize  = 8 << 20
	mostParts = 9000 // S3 allows 10,000
)

// abandonWait is how long an upload that has failed is tried to be removed.
const abandonWait = 10 * time.Second

// partLength returns the length of all parts but the last.
func partLength(size int64) int64 {
	return max(partSize, (size+mostParts-1)/mostParts)
}

// upload is content on its way in parts, which is no object before all are there.
type upload struct {
	objects *Objects
	name    *string
	id      *string
	checked bool // parts go with their checksums
	full    bool // the store will tell the checksum of the whole
}

// sendParts sends content in parts, one after another: a recording has time, and the
// room's media needs the line. What has been sent is removed if it fails.
func (o *Objects) sendParts(ctx context.Context, name *string, from *source, progress func(int64)) (pieces []piece, err error) {
	if err := o.removeParts(ctx, name); err != nil {
		return nil, err
	}
	up, err := o.newUpload(ctx, name, from.Type)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			up.abandon(ctx)
		}
	}()
	length := partLength(from.Size)
	for offset := int64(0); offset < from.Size; offset += length {
		p, err := from.cut(offset, min(length, from.Size-offset))
		if err != nil {
			return nil, err
		}
		if p.etag, err = up.send(ctx, from, p); err != nil {
			return nil, err
		}
		pieces = append(pieces, p)
		progress(p.offset + p.size)
	}
	if err := from.check(); err != nil {
		return nil, err
	}
	return pieces, up.complete(ctx, pieces, from)
}

func (o *Objects) newUpload(ctx context.Context, name *string, mediaType string) (*upload, error) {
	up := &upload{objects: o, name: name}
	return up, asking(func(more bool) error {
		in := &s3.CreateMultipartUploadInput{Bucket: &o.location.bucket, Key: name, ContentType: &mediaType}
		if more {
			in.ChecksumAlgorithm, in.ChecksumType = types.ChecksumAlgorithmCrc32c, types.ChecksumTypeFullObject
		}
		made, err := o.client.CreateMultipartUpload(ctx, in, o.patient)
		if err != nil {
			return err
		}
		up.id, up.checked, up.full = made.UploadId, more, made.ChecksumType == types.ChecksumTypeFullObject
		return nil
	})
}

// send sends one part and returns its ETag.
func (u *upload) send(ctx context.Context, from *source, p piece) (etag string, err error) {
	in := &s3.UploadPartInput{
		Bucket: &u.objects.location.bucket, Key: u.name, UploadId: u.id,
		PartNumber: &p.number, ContentLength: &p.size, Body: from.body(p, func(int64) {}),
	}
	if u.checked {
		in.ChecksumCRC32C = aws.String(checksum(p.crc))
	}
	sent, err := u.objects.client.UploadPart(ctx, in, u.objects.patient, signed(p))
	if err != nil {
		return "", err
	}
	return aws.ToString(sent.ETag), nil
}

// complete makes an object of the parts.
func (u *upload) complete(ctx context.Context, pieces []piece, from *source) error {
	parts := make([]types.CompletedPart, len(pieces))
	for i, p := range pieces {
		parts[i] = types.CompletedPart{ETag: aws.String(p.etag), PartNumber: aws.Int32(p.number)}
		if u.checked {
			parts[i].ChecksumCRC32C = aws.String(checksum(p.crc))
		}
	}
	return asking(func(more bool) error {
		in := &s3.CompleteMultipartUploadInput{
			Bucket: &u.objects.location.bucket, Key: u.name, UploadId: u.id,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		}
		if more {
			in.IfNoneMatch = aws.String("*")
		}
		if u.full {
			in.ChecksumType, in.ChecksumCRC32C = types.ChecksumTypeFullObject, aws.String(checksum(from.CRC32C))
			in.MpuObjectSize = &from.Size
		}
		_, err := u.objects.client.CompleteMultipartUpload(ctx, in, u.objects.patient)
		return err
	})
}

// abandon has the store forget the upload, also when ctx has ended. Where that fails,
// the next Put of the key does it.
func (u *upload) abandon(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(u.objects.patience, abandonWait))
	defer cancel()
	_ = u.objects.abort(ctx, u.name, u.id)
}

// removeParts has the store forget what it was sent for a key and is no object. That
// is nobody's that lives, since Puts of one key go one after another: one of another
// process would begin anew. Where the credentials do not suffice or the store does not
// know how, it is left.
func (o *Objects) removeParts(ctx context.Context, name *string) error {
	pages := s3.NewListMultipartUploadsPaginator(o.client, &s3.ListMultipartUploadsInput{Bucket: &o.location.bucket, Prefix: name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx, o.patient)
		if forgivable(err) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, left := range page.Uploads {
			if aws.ToString(left.Key) != *name { // a longer one
				continue
			}
			if err := o.abort(ctx, name, left.UploadId); err != nil && !forgivable(err) {
				return err
			}
		}
	}
	return nil
}

func (o *Objects) abort(ctx context.Context, name, id *string) error {
	_, err := o.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: &o.location.bucket, Key: name, UploadId: id,
	}, o.patient)
	if code(err) == "NoSuchUpload" {
		return nil
	}
	return err
}
