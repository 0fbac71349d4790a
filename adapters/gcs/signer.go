package gcs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/compute/metadata"
	"cloud.google.com/go/storage"
	"google.golang.org/api/iamcredentials/v1"
	"google.golang.org/api/option"

	"rostrum/domain"
)

// longestURL is how long a signed URL can be good for.
const longestURL = 7 * 24 * time.Hour

// URL returns a signed URL, good for a week at most, or "" where nothing can be
// signed: with an emulator, with a person's credentials, and where IAM does not let
// the service account sign. That is found out once, when URL is called first.
func (o *Objects) URL(ctx context.Context, key domain.ObjectKey, expires time.Duration, download string) (string, error) {
	if expires > longestURL {
		return "", fmt.Errorf("%s: a signed URL is good for %v at most, not for %v: choose less", o, longestURL, expires)
	}
	asking, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	signature, err := o.signer.find(asking)
	if err != nil {
		return "", fmt.Errorf("sign a URL: %w", o.explain(ctx, signPermission, err))
	}
	if signature == nil {
		return "", nil
	}
	options := signature(asking)
	options.Scheme, options.Method, options.Expires = storage.SigningSchemeV4, http.MethodGet, time.Now().Add(expires)
	if download != "" {
		disposition := mime.FormatMediaType("attachment", map[string]string{"filename": download})
		options.QueryParameters = url.Values{"response-content-disposition": {disposition}}
	}
	signed, err := o.handle.SignedURL(o.name(key), &options)
	if err != nil {
		return "", fmt.Errorf("sign a URL: %w", o.explain(ctx, signPermission, err))
	}
	return signed, nil
}

// Origins returns the origin (scheme://host) of signed URLs, none where it is clear
// from the credentials that there are none. It asks nobody.
func (o *Objects) Origins() []string {
	if o.signer.never() {
		return nil
	}
	signed, err := o.handle.SignedURL("any", &storage.SignedURLOptions{
		Scheme: storage.SigningSchemeV4, Method: http.MethodGet, Expires: time.Now().Add(time.Minute),
		GoogleAccessID: "nobody", SignBytes: func([]byte) ([]byte, error) { return nil, nil },
	})
	if err != nil {
		return nil
	}
	origin, _, _ := strings.Cut(signed, "/"+o.bucket+"/any?")
	return []string{origin}
}

const signPermission = "iam.serviceAccounts.signBlob"

// signature says who signs, and how. IAM is asked within the context.
type signature func(ctx context.Context) storage.SignedURLOptions

// signer finds out once how URLs are signed.
type signer struct {
	credential *auth.Credentials     // nil: none
	iam        []option.ClientOption // beside the credentials

	mu    sync.Mutex
	found bool
	how   signature // nil: not at all
}

// find returns nil where nothing can be signed. After an error it is tried anew.
func (s *signer) find(ctx context.Context) (signature, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found {
		return s.how, nil
	}
	how, err := s.ask(ctx)
	if err != nil {
		return nil, err
	}
	s.found, s.how = true, how
	return how, nil
}

// never reports whether the credentials are of nobody who signs: they are missing,
// of a person, or of a foreign identity that stands for itself.
func (s *signer) never() bool {
	id := identify(s.credential)
	return s.credential == nil || id.Type != "" && id.account() == ""
}

func (s *signer) ask(ctx context.Context) (signature, error) {
	id := identify(s.credential)
	account := id.account()
	switch {
	case s.never():
		return nil, nil
	case id.PrivateKey != "":
		return func(context.Context) storage.SignedURLOptions {
			return storage.SignedURLOptions{GoogleAccessID: account, PrivateKey: []byte(id.PrivateKey)}
		}, nil
	case account == "": // of the machine
		email, err := metadata.EmailWithContext(ctx, "default")
		if _, none := errors.AsType[metadata.NotDefinedError](err); none {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("ask the metadata server for the service account: %w", err)
		}
		account = email
	}
	return s.askIAM(ctx, account)
}

// askIAM has IAM sign for a service account, if it will.
func (s *signer) askIAM(ctx context.Context, account string) (signature, error) {
	service, err := iamcredentials.NewService(ctx, append([]option.ClientOption{option.WithAuthCredentials(s.credential)}, s.iam...)...)
	if err != nil {
		return nil, err
	}
	sign := func(ctx context.Context, b []byte) ([]byte, error) {
		answer, err := service.Projects.ServiceAccounts.SignBlob("projects/-/serviceAccounts/"+account,
			&iamcredentials.SignBlobRequest{Payload: base64.StdEncoding.EncodeToString(b)}).Context(ctx).Do()
		if err != nil {
			return nil, err
		}
		return base64.StdEncoding.DecodeString(answer.SignedBlob)
	}
	_, err = sign(ctx, []byte("may I?"))
	switch status(err) {
	case http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest: // the latter two for a pool's identity, which is no service account
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) storage.SignedURLOptions {
		return storage.SignedURLOptions{GoogleAccessID: account, SignBytes: func(b []byte) ([]byte, error) { return sign(ctx, b) }}
	}, nil
}

// identity is what a credentials file says of whom it is. A machine's has no file.
type identity struct {
	Type          string `json:"type"`
	ClientEmail   string `json:"client_email"`
	PrivateKey    string `json:"private_key"`
	Impersonation string `json:"service_account_impersonation_url"`
}

func identify(credential *auth.Credentials) (id identity) {
	if credential != nil {
		_ = json.Unmarshal(credential.JSON(), &id) // the library has read it before; a machine's is empty
	}
	return id
}

// account returns the service account, "" if there is none or it is unknown.
func (id identity) account() string {
	if id.ClientEmail != "" {
		return id.ClientEmail
	}
	_, name, _ := strings.Cut(id.Impersonation, "/serviceAccounts/")
	name, _, _ = strings.Cut(name, ":")
	return name
}
