package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

// wantProblem checks that an answer is a whole problem document of that code.
func wantProblem(t *testing.T, w *httptest.ResponseRecorder, code string) {
	t.Helper()
	var p Problem
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		t.Errorf("%d %q: %v", w.Code, w.Body, err)
		return
	}
	if p.Code != code || p.Status != w.Code || p.Type != "about:blank" || p.Title != http.StatusText(w.Code) || p.Detail == "" {
		t.Errorf("%d %+v, want %s", w.Code, p, code)
	}
	if got := w.Header().Get("Content-Type"); got != mediaTypeProblem {
		t.Errorf("Content-Type: %q", got)
	}
}

// declared reads out of the domain's source what refusals and kinds it declares.
func declared(t *testing.T) (codes []string, kinds []domain.Kind) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "domain", "refusal.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if name, ok := n.Type.(*ast.Ident); ok && name.Name == "Refusal" && len(n.Elts) > 1 {
				codes = append(codes, literal(t, n.Elts[1]))
			}
		case *ast.ValueSpec:
			if name, ok := n.Type.(*ast.Ident); ok && name.Name == "Kind" {
				kinds = append(kinds, domain.Kind(literal(t, n.Values[0])))
			}
		}
		return true
	})
	if len(codes) < 10 || len(kinds) < 5 {
		t.Fatalf("found only %v and %v", codes, kinds)
	}
	return codes, kinds
}

func literal(t *testing.T, e ast.Expr) string {
	t.Helper()
	l, ok := e.(*ast.BasicLit)
	if !ok {
		t.Fatalf("%T is no literal", e)
	}
	s, err := strconv.Unquote(l.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryRefusalHasItsProblem(t *testing.T) {
	codes, _ := declared(t)
	seen := map[string]bool{}
	for _, code := range codes {
		if seen[code] {
			t.Errorf("two refusals have the code %s", code)
		}
		seen[code] = true
		if refusalsByCode[code] == nil {
			t.Errorf("problemOf does not know %s", code)
		}
	}
	for _, p := range httpProblems {
		if seen[p.Code] {
			t.Errorf("two problems have the code %s", p.Code)
		}
		seen[p.Code] = true
		if p.Type != "about:blank" || p.Title != http.StatusText(p.Status) || p.Title == "" || p.Detail == "" {
			t.Errorf("%+v is not whole", p)
		}
		if problemOf(p.Code) != p {
			t.Errorf("problemOf(%s) is another one", p.Code)
		}
	}
}

func TestEveryKindHasItsStatus(t *testing.T) {
	want := map[domain.Kind]int{
		domain.Invalid: 400, domain.Unauthenticated: 401, domain.Forbidden: 403, domain.Missing: 404,
		domain.Conflict: 409, domain.Stale: 412, domain.Unprocessable: 422, domain.Unconditional: 428, domain.TooMany: 429, domain.Unavailable: 503,
	}
	_, kinds := declared(t)
	for _, kind := range kinds {
		if want[kind] == 0 || statuses[kind] != want[kind] {
			t.Errorf("%s: %d, want %d", kind, statuses[kind], want[kind])
		}
	}
	if len(statuses) != len(want) || len(kinds) != len(want) {
		t.Errorf("%d statuses for %d kinds, want %d", len(statuses), len(kinds), len(want))
	}
}

// The contract's codes and statuses: clients are written against them.
func TestCodesKeepTheirStatus(t *testing.T) {
	for code, want := range map[string]struct {
		status    int
		retryable bool
	}{
		"room_name_invalid": {400, false}, "offer_invalid": {400, false}, "token_missing": {401, false}, "token_invalid": {401, false},
		"forbidden": {403, false}, "room_unknown": {404, false}, "session_unknown": {404, false}, "not_found": {404, false},
		"method_not_allowed": {405, false}, "room_busy": {409, true}, "body_too_large": {413, false},
		"media_type_unsupported": {415, false}, "no_common_codec": {422, false}, "offer_unsupported": {422, false},
		"rate_limited": {429, true}, "room_full": {503, true}, "server_full": {503, true}, "too_many_rooms": {503, true}, "shutting_down": {503, true},
		"unavailable": {503, true}, "internal": {500, true}, "body_timeout": {408, true},
		"fragment_invalid": {400, false}, "if_match_failed": {412, false}, "if_match_missing": {428, false}, "content_coding_unsupported": {415, false},
		"recording_unknown": {404, false}, "recording_empty": {404, false}, "recording_live": {409, true}, "recording_state": {409, true},
		"recording_pending": {409, true}, "room_idle": {409, true}, "spool_full": {503, true}, "cursor_invalid": {400, false},
		"request_invalid": {400, false}, "range_invalid": {416, false},
		"room_exists": {409, false}, "room_settings_invalid": {400, false}, "room_token_invalid": {400, false},
		"token_unknown": {404, false}, "too_many_tokens": {409, false}, "version_missing": {428, false}, "version_stale": {412, false},
	} {
		if p := problemOf(code); p.Status != want.status || p.Retryable != want.retryable || p.Code != code || p.GetStatus() != want.status {
			t.Errorf("%s: %+v, want %+v", code, p, want)
		}
	}
}

func TestFragmentTypeIsAMediaType(t *testing.T) {
	if errFragmentType.Code != errMediaType.Code || errFragmentType.Status != errMediaType.Status || errFragmentType.Title != errMediaType.Title || errFragmentType.Type != errMediaType.Type {
		t.Errorf("%+v and %+v", errFragmentType, errMediaType)
	}
	if h := headersOf(errFragmentType); h.Get("Accept-Patch") != mediaTypeFragment || h.Get("Accept-Post") != "" {
		t.Errorf("%v", h)
	}
}

// What huma refuses is told in our words: its own may hold what the client sent.
func TestProblemOfStatus(t *testing.T) {
	for status, code := range map[int]string{
		400: "request_invalid", 404: "not_found", 405: "method_not_allowed", 406: "request_invalid", 408: "body_timeout", 413: "body_too_large",
		415: "media_type_unsupported", 422: "request_invalid", 499: "request_invalid", 500: "internal", 501: "internal", 200: "internal", 0: "internal",
	} {
		var err error = huma.NewError(status, "SECRET", errors.New("SECRET"))
		var p *Problem
		if !errors.As(err, &p) || p.Code != code || strings.Contains(p.Detail, "SECRET") {
			t.Errorf("%d: %+v, want %s", status, p, code)
		}
	}
}

func TestProblem(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		err    error
		code   string
		detail string // "" for any
		logged bool
	}{
		"a refusal":              {t.Context(), domain.ErrRoomBusy, "room_busy", domain.ErrRoomBusy.Reason, false},
		"with its own reason":    {t.Context(), domain.ErrOffer.Because("Empty."), "offer_invalid", "Empty.", false},
		"a wrapped refusal":      {t.Context(), fmt.Errorf("SECRET: %w", domain.ErrRoomFull), "room_full", domain.ErrRoomFull.Reason, false},
		"with its cause":         {t.Context(), fmt.Errorf("%w: %w", domain.ErrUnavailable, errors.New("SECRET")), "unavailable", domain.ErrUnavailable.Reason, false},
		"a problem":              {t.Context(), errTooLarge, "body_too_large", errTooLarge.Detail, false},
		"a wrapped problem":      {t.Context(), fmt.Errorf("SECRET: %w", errNotFound), "not_found", errNotFound.Detail, false},
		"anything else":          {t.Context(), errors.New("SECRET"), "internal", errInternal.Detail, true},
		"of who has gone away":   {gone, io.ErrUnexpectedEOF, "internal", errInternal.Detail, false},
		"a refusal's kind alone": {t.Context(), &domain.Refusal{Kind: domain.Conflict, Code: "new", Reason: "New."}, "new", "New.", false},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			s := &service{log: slog.New(slog.NewTextHandler(&log, nil))}
			p := s.problem(c.ctx, c.err)
			if p.Code != c.code || p.Detail != c.detail || p.Status == 0 || p.Title != http.StatusText(p.Status) {
				t.Errorf("%+v, want %s: %s", p, c.code, c.detail)
			}
			if got := strings.Contains(log.String(), "SECRET"); got != c.logged || !c.logged && log.Len() > 0 {
				t.Errorf("logged: %q, want %v", &log, c.logged)
			}
		})
	}
}

func TestHeadersOf(t *testing.T) {
	for code, want := range map[string]http.Header{
		"token_missing":              {"Www-Authenticate": {"Bearer"}},
		"token_invalid":              {"Www-Authenticate": {`Bearer error="invalid_token"`}},
		"media_type_unsupported":     {"Accept-Post": {"application/sdp"}},
		"content_coding_unsupported": {"Accept-Encoding": {"identity"}},
		"body_too_large":             {"Connection": {"close"}},
		"body_timeout":               {"Connection": {"close"}},
		"room_busy":                  {"Retry-After": {"2"}},
		"shutting_down":              {"Retry-After": {"2"}},
		"rate_limited":               {}, // the limiter knows when
		"internal":                   {},
		"not_found":                  {},
		"forbidden":                  {},
	} {
		if got := headersOf(problemOf(code)); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}
