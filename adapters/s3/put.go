package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"

	"rostrum/domain"
	"rostrum/ports"
)

// beginnings is how often an upload is begun, if what was sent is gone from the store
// before it was an object.
const beginnings = 3

// Put implements [ports.Objects]. Puts of one key go one after another. Content of
// more than 8 MiB goes in parts, of which progress counts whole ones; what a killed
// process has left of them is removed first.
func (o *Objects) Put(ctx context.Context, key domain.ObjectKey, content ports.Content, progress func(done int64)) error {
	name := o.name(key)
	over, err := o.puts.take(ctx, *name)
	if err == nil {
		defer over()
		err = o.put(ctx, name, content, progress)
	}
	if err != nil {
		return o.explain(ctx, "store "+string(key), err)
	}
	progress(content.Size)
	return nil
}

func (o *Objects) put(ctx context.Context, name *string, content ports.Content, progress func(int64)) error {
	same, err := o.holds(ctx, name, content, nil)
	switch {
	case err == nil && same:
		return nil
	case err == nil:
		return ports.ErrObjectDiffers
	case !unexplained(err):
		return err
	}
	for range beginnings {
		if err = o.begin(ctx, name, content, progress); !errors.Is(err, errGone) {
			return err
		}
	}
	return err
}

// errGone is an upload that the store does not know (any more).
var errGone = errors.New("the store has lost what was sent: see that nothing else removes uploads or objects there")

// begin sends the content and has the store tell what it has then.
func (o *Objects) begin(ctx context.Context, name *string, content ports.Content, progress func(int64)) error {
	pieces, sent := o.send(ctx, name, content, progress)
	switch {
	case mangled(sent):
		return fmt.Errorf("%w: %w", ports.ErrChecksum, sent)
	case sent != nil && !taken(sent) && code(sent) != "NoSuchUpload":
		return sent
	}
	same, err := o.holds(ctx, name, content, pieces)
	switch {
	case absent(err) && sent != nil:
		return fmt.Errorf("%w: %w", errGone, sent)
	case absent(err):
		return errGone
	case err != nil:
		return err
	case same:
		return nil // also by an answer that was lost, or by another process
	case sent != nil:
		return ports.ErrObjectDiffers
	}
	if err := o.remove(ctx, name); err != nil {
		return fmt.Errorf("%w, and it could not be removed: %w", ports.ErrChecksum, err)
	}
	return ports.ErrChecksum
}

func (o *Objects) send(ctx context.Context, name *string, content ports.Content, progress func(int64)) ([]piece, error) {
	from, err := openSource(content)
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.file.Close() }() // it was only read
	if content.Size > partSize {
		return o.sendParts(ctx, name, from, progress)
	}
	return nil, o.sendWhole(ctx, name, from, progress)
}

// sendWhole sends content in one request, which the store carries out or not.
func (o *Objects) sendWhole(ctx context.Context, name *string, from *source, progress func(int64)) error {
	all, err := from.cut(0, from.Size)
	if err != nil {
		return err
	}
	if err := from.check(); err != nil {
		return err
	}
	return asking(func(more bool) error {
		in := &s3.PutObjectInput{
			Bucket: &o.location.bucket, Key: name, ContentType: &from.Type,
			ContentLength: &all.size, Body: from.body(all, progress),
		}
		if more {
			in.IfNoneMatch, in.ChecksumCRC32C = aws.String("*"), aws.String(checksum(all.crc))
		}
		_, err := o.client.PutObject(ctx, in, o.patient, signed(all))
		return err
	})
}

// asking sends a request that asks for more than every store understands, and without
// that where the store says so. What is lost by that holds finds out.
func asking(send func(more bool) error) error {
	err := send(true)
	if notKnown(err) {
		err = send(false)
	}
	return err
}

// signed has a request signed with the checksum of what it sends, which the SDK would
// otherwise read once more for, or leave out.
func signed(p piece) func(*s3.Options) {
	return s3.WithAPIOptions(func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("PayloadHash", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			return next.HandleInitialize(v4.SetPayloadHash(ctx, p.sha), in)
		}), middleware.Before)
	})
}

// holds reports whether what the store has is the content. Pieces are those that it was
// sent in, nil where that is not known. A store that tells neither the checksum of the
// whole nor that of these pieces has all of it read again.
func (o *Objects) holds(ctx context.Context, name *string, content ports.Content, pieces []piece) (bool, error) {
	head, err := o.head(ctx, name)
	if err != nil {
		return false, err
	}
	if aws.ToInt64(head.ContentLength) != content.Size {
		return false, nil
	}
	told := aws.ToString(head.ChecksumCRC32C)
	switch {
	case told == "", strings.Contains(told, "-") && pieces == nil:
		return o.reads(ctx, name, content)
	case strings.Contains(told, "-"):
		return told == composite(pieces), nil
	default:
		return told == checksum(content.CRC32C), nil
	}
}

// reads reports whether the store gives the content back.
func (o *Objects) reads(ctx context.Context, name *string, content ports.Content) (bool, error) {
	got, err := o.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &o.location.bucket, Key: name}, o.patient)
	if err != nil {
		return false, err
	}
	defer func() { _ = got.Body.Close() }() // it was only read
	sha := sha256.New()
	if _, err := io.Copy(sha, got.Body); err != nil {
		return false, fmt.Errorf("read it back: %w", err)
	}
	return hex.EncodeToString(sha.Sum(nil)) == content.SHA256, nil
}
