package gcs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"cloud.google.com/go/auth"
	"google.golang.org/api/googleapi"

	"rostrum/ports"
)

// failure is an error of the library in one line. The library's own text can run over
// many, and has the address of an upload in it, which lets anybody go on with that.
type failure struct {
	text  string
	cause error
}

func (f failure) Error() string { return f.text }
func (f failure) Unwrap() error { return f.cause }

func short(err error) failure {
	var answer *googleapi.Error
	var request *url.Error
	text := err.Error()
	switch {
	case errors.As(err, &answer):
		text = fmt.Sprintf("%d %s", answer.Code, http.StatusText(answer.Code))
		if said := message(answer); said != "" {
			text += ": " + said
		}
	case errors.As(err, &request):
		text = request.Err.Error()
	}
	const longest = 500
	text = strings.Join(strings.Fields(text), " ")
	return failure{strings.ToValidUTF8(text[:min(len(text), longest)], ""), err}
}

// explainReading explains an error of a call that reads an object.
func (o *Objects) explainReading(ctx context.Context, err error) error {
	if isNoObject(err) {
		return fmt.Errorf("%s: %w", o, ports.ErrNoObject)
	}
	return o.explain(ctx, "storage.objects.get", err)
}

// explain says what an operator can do about an error of a call that needs an IAM
// permission. ctx is the caller's.
func (o *Objects) explain(ctx context.Context, permission string, err error) error {
	var token *auth.Error
	switch cause := short(err); {
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", o, ctx.Err())
	case status(err) != 0:
		return o.explainAnswer(permission, cause)
	case errors.As(err, &token):
		return fmt.Errorf("%s: Google gives %s no access token with these credentials: see that its key or workload identity is valid, and that the clock is right: %w", o, o.who(), cause)
	default:
		return fmt.Errorf("%s: Google Cloud Storage cannot be reached: see to the network between here and it: %w", o, cause)
	}
}

func (o *Objects) explainAnswer(permission string, cause failure) error {
	role := "roles/storage.objectUser on the bucket"
	if permission == signPermission {
		role = "roles/iam.serviceAccountTokenCreator on itself"
	}
	switch code := status(cause); {
	case code == http.StatusUnauthorized:
		return fmt.Errorf("%s: the credentials of %s are refused: see that its key or workload identity is valid, and that the clock is right: %w", o, o.who(), cause)
	case code == http.StatusForbidden:
		return fmt.Errorf("%s: permission %s is refused: grant %s to %s: %w", o, permission, role, o.who(), cause)
	case code == http.StatusNotFound:
		return fmt.Errorf("%s: there is no bucket %s: create it, or name another in storage.url: %w", o, o.bucket, cause)
	case code == http.StatusPreconditionFailed:
		return fmt.Errorf("%s: somebody else was writing the same object: try again: %w", o, cause)
	case code == http.StatusBadRequest && strings.Contains(strings.ToLower(cause.text), "crc32c"):
		return fmt.Errorf("%s: %w: %s: %w", o, errDamaged, cause.text, ports.ErrChecksum)
	case code == http.StatusTooManyRequests || code >= http.StatusInternalServerError:
		return fmt.Errorf("%s: Google Cloud Storage is busy or disturbed, and so it was for %v: try again later: %w", o, o.patience, cause)
	default:
		return fmt.Errorf("%s: Google Cloud Storage refuses: %w", o, cause)
	}
}

// who names those that permissions are granted to.
func (o *Objects) who() string {
	if o.account == "" {
		return "the service account that rostrum runs as"
	}
	return o.account
}

// status returns the status that the store answered with, 0 where it did not.
func status(err error) int {
	var answer *googleapi.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

// isNoObject reports whether an object is missing. Its bucket being missing is
// another matter, which only the text tells.
func isNoObject(err error) bool {
	var answer *googleapi.Error
	return errors.As(err, &answer) && answer.Code == http.StatusNotFound && !strings.Contains(message(answer), "bucket does not exist")
}

// message returns what the store says for people, which the library reads for all
// calls but those that read objects.
func message(answer *googleapi.Error) string {
	var body struct {
		Error struct{ Message string }
	}
	if answer.Message == "" {
		_ = json.Unmarshal([]byte(answer.Body), &body) // what is no JSON was not written by the store
	}
	return answer.Message + body.Error.Message
}
