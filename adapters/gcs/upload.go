package gcs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"cloud.google.com/go/storage"

	"rostrum/domain"
	"rostrum/ports"
)

// chunkSize is how much is sent in one request, and kept in memory to send it again.
const chunkSize = 8 << 20

// attempts is how often content is sent from its beginning within one Put: the store
// may have lost the upload, or what arrived may be damaged.
const attempts = 3

var (
	errDamaged = errors.New("the content was damaged on its way")
	errLost    = errors.New("the store has lost what it had of the upload")
	errStalled = errors.New("it took too long")
)

// Put stores content under a key, as [ports.Objects] says. Content of more than 8 MiB
// is sent in parts, and what has arrived is not sent again. Progress tells what has
// arrived.
func (o *Objects) Put(ctx context.Context, key domain.ObjectKey, content ports.Content, progress func(done int64)) error {
	u := &upload{Objects: o, key: key, content: content, progress: progress}
	if err := u.run(ctx); err != nil {
		return err
	}
	progress(content.Size)
	return nil
}

// upload is one Put. It belongs to Put's goroutine, and to that of the library's
// writer while Put waits for it.
type upload struct {
	*Objects
	key      domain.ObjectKey
	content  ports.Content
	progress func(done int64)
	arrived  bool        // something of it, since it was last begun
	failing  time.Time   // since when requests fail; zero: they do not
	watch    *time.Timer // ends what takes too long
}

func (u *upload) run(ctx context.Context) (err error) {
	for range attempts {
		there := u.compare(ctx)
		// Who may not list objects is told 403 for one that is not there.
		hidden := status(there) == http.StatusForbidden && status(err) != http.StatusPreconditionFailed
		if !hidden && !errors.Is(there, ports.ErrNoObject) {
			return there
		}
		if err = u.send(ctx); err == nil || !u.sendAgain(err) {
			return err
		}
	}
	return err
}

// sendAgain reports whether an upload that has failed may succeed from the beginning.
func (u *upload) sendAgain(err error) bool {
	switch {
	case status(err) == http.StatusPreconditionFailed: // it is there since: it may be ours
		return true
	case isLost(err):
		return u.content.Size >= chunkSize // less is no upload that can be lost
	default:
		return errors.Is(err, errDamaged)
	}
}

// compare returns nil where the object is there with this content already,
// [ports.ErrNoObject] and [ports.ErrObjectDiffers].
func (u *upload) compare(ctx context.Context) error {
	attrs, err := u.attrs(ctx, u.key)
	switch {
	case err != nil:
		return err
	case !u.matches(attrs):
		return fmt.Errorf("%s: %s: %w", u, u.key, ports.ErrObjectDiffers)
	default:
		return nil
	}
}

func (u *upload) matches(attrs *storage.ObjectAttrs) bool {
	return attrs.Size == u.content.Size && attrs.CRC32C == u.content.CRC32C
}

// send sends the content from its beginning.
func (u *upload) send(ctx context.Context) error {
	file, err := u.content.Open()
	if err != nil {
		return fmt.Errorf("open what is to be stored: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	sending, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	u.arrived = false
	u.watch = time.AfterFunc(u.longest(), func() { cancel(errStalled) })
	defer u.watch.Stop()
	w := u.writer(sending)
	read := newSums(file)
	if _, err = io.Copy(w, io.LimitReader(read, u.content.Size+1)); err == nil || read.err != nil {
		if err := read.compare(u.content); err != nil {
			cancel(err) // first, since Close alone makes an object of what was sent
			_ = w.Close()
			return err
		}
	}
	if err := w.Close(); err != nil {
		return u.explainSending(ctx, sending, err)
	}
	return u.verify(ctx, w.Attrs())
}

func (u *upload) writer(ctx context.Context) *storage.Writer {
	w := u.object(u.key).If(storage.Conditions{DoesNotExist: true}).
		Retryer(storage.WithErrorFunc(u.passing)).NewWriter(ctx)
	w.ContentType = u.content.Type
	w.CRC32C, w.SendCRC32C = u.content.CRC32C, true
	w.ChunkSize = int(min(u.content.Size+1, chunkSize)) // more than the size: one request
	w.ChunkTransferTimeout = u.stall
	w.ChunkRetryDeadline = u.stall + u.patience // later than passing says no
	w.ProgressFunc = u.note
	return w
}

// longest is how long nothing may arrive. The library watches over parts of an
// upload, and lets each be sent twice; this is for all other requests.
func (u *upload) longest() time.Duration { return 2 * (u.stall + u.patience) }

// note takes note of what has arrived.
func (u *upload) note(done int64) {
	u.watch.Reset(u.longest())
	u.arrived, u.failing = true, time.Time{}
	u.progress(done)
}

// passing reports whether a request is to be made again.
func (u *upload) passing(err error) bool {
	if !storage.ShouldRetry(err) {
		return false
	}
	if u.failing.IsZero() {
		u.failing = time.Now()
	}
	return time.Since(u.failing) < u.patience
}

func (u *upload) explainSending(ctx, sending context.Context, err error) error {
	switch {
	case errors.Is(context.Cause(sending), errStalled):
		err = errStalled
	case u.arrived && isLost(err):
		return fmt.Errorf("%s: %s: %w: try again: %w", u, u.key, errLost, short(err))
	}
	return u.explain(ctx, "storage.objects.create", err)
}

// isLost reports whether that can be the answer to a part of an upload that the
// store knows nothing of any more.
func isLost(err error) bool {
	return status(err) == http.StatusNotFound || status(err) == http.StatusGone
}

// verify holds what the store says that it has against what was sent. What is wrong
// is removed: nobody else can have written that generation.
func (u *upload) verify(ctx context.Context, attrs *storage.ObjectAttrs) error {
	if u.matches(attrs) {
		return nil
	}
	err := fmt.Errorf("%s: %s: %w: the store has %d bytes with CRC32C %08x, not %d with %08x: %w",
		u, u.key, errDamaged, attrs.Size, attrs.CRC32C, u.content.Size, u.content.CRC32C, ports.ErrChecksum)
	removing, cancel := context.WithTimeout(context.WithoutCancel(ctx), u.patience)
	defer cancel()
	if failed := u.object(u.key).Generation(attrs.Generation).Delete(removing); failed != nil && !isNoObject(failed) {
		return fmt.Errorf("%w. It cannot be removed, so remove it by hand: %w", err, short(failed))
	}
	return err
}
