package api

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/ports"
)

const (
	mediaTypeJSONLines = "application/jsonl" // a JSON text a line; no registry knows it, and everybody uses it

	auditPage = 500 // entries that are read, and held, at once
)

// AuditEntry is one act of somebody.
type AuditEntry struct {
	Number  int64     `json:"number" example:"4711" doc:"Its number, greater than those of all entries before it."`
	At      time.Time `json:"at" example:"2026-01-31T18:00:00Z" doc:"When it was done."`
	Subject string    `json:"subject" example:"carol" doc:"Who did it, by its token; empty where that is not known, and for what the server did itself."`
	From    string    `json:"from" example:"192.0.2.0/24" doc:"Where it came from, as much of it as the operator keeps."`
	Act     string    `json:"act" example:"room.change" doc:"What was done; access.refused where somebody was not let in."`
	Object  string    `json:"object" example:"demo" doc:"What it was done to; of somebody who was not let in, what was asked for."`
	Detail  string    `json:"detail" example:"" doc:"More about it."`
}

// auditInput says which entries are exported, in the words of its client.
type auditInput struct {
	After  string `query:"after"`
	Limit  string `query:"limit"`
	From   string `query:"from"`
	Before string `query:"before"`
}

// auditSpan says which entries are exported.
type auditSpan struct {
	after        int64
	limit        int64 // 0: all
	from, before time.Time
}

// parse refuses with errRequest and what should be there instead.
func (in *auditInput) parse() (a auditSpan, err error) {
	if a.after, err = parseNumber("after", in.After); err != nil {
		return auditSpan{}, err
	}
	if a.limit, err = parseNumber("limit", in.Limit); err != nil {
		return auditSpan{}, err
	}
	if in.Limit != "" && a.limit == 0 {
		return auditSpan{}, errRequest.because("The query's limit must be 1 or more. Leave it out for all entries.")
	}
	a.from, a.before, err = parseSpan(in.From, in.Before)
	return a, err
}

func parseNumber(name, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, errRequest.because("The query's " + name + " is no whole number, 0 or more.")
	}
	return n, nil
}

func (a auditSpan) holds(e ports.AuditEntry) bool {
	return (a.from.IsZero() || !e.At.Before(a.from)) && (a.before.IsZero() || e.At.Before(a.before))
}

// registerAudit declares the export of the audit trail.
func (s *service) registerAudit(api huma.API) {
	whole := func(minimum float64, example int) *huma.Schema {
		return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: ptr(minimum), Examples: []any{example}}
	}
	op := huma.Operation{
		OperationID: "exportAudit", Method: http.MethodGet, Path: "/api/audit", Tags: []string{"Audit"}, Security: bearer,
		Summary: "Export the audit trail",
		Description: "Every administrative act and everybody who was not let in, in the order in which they were kept, as JSON lines: an object a line. " +
			"To go on later, give the number of the last line as after: nothing is left out. " +
			"Where the database goes away meanwhile the connection breaks off, so that a part is not taken for the whole. Needs admin on every room.",
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions), s.administering(api)},
		Responses:   refusals("request_invalid", "token_missing", "token_invalid", "forbidden", "rate_limited", "unavailable", "internal"),
		Parameters: append([]*huma.Param{
			queryParameter("after", "Entries behind the one with this number.", whole(0, 4711)),
			queryParameter("limit", "How many entries at most; all where it is not said.", whole(1, 500)),
		}, spanParameters("Entries of what was done")...),

		SkipValidateParams: true,
	}
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[AuditEntry](), true, "")
	op.Responses["200"] = &huma.Response{
		Description: "The entries, one a line.",
		Content: map[string]*huma.MediaType{mediaTypeJSONLines: {
			Schema: schema, Example: AuditEntry{Number: 4711, At: time.Date(2026, time.January, 31, 18, 0, 0, 0, time.UTC), Subject: "carol", From: "192.0.2.0/24", Act: "room.change", Object: "demo"},
		}},
		Headers: map[string]*huma.Param{"Content-Disposition": header("The name to save it under.", "attachment; filename=rostrum-audit-20260131T180000Z.jsonl")},
	}
	registerAnswer(s, api, op, s.exportAudit)
}

// exportAudit reads the first page before it answers: so a database that is away is told
// by a 503, if it was away from the beginning.
func (s *service) exportAudit(ctx context.Context, in *auditInput) (*huma.StreamResponse, error) {
	span, err := in.parse()
	if err != nil {
		return nil, err
	}
	first, err := s.app.AuditTrail(ctx, span.after, auditPage)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		name := fmt.Sprintf("rostrum-audit-%s.jsonl", time.Now().UTC().Format("20060102T150405Z"))
		ctx.SetHeader("Content-Type", mediaTypeJSONLines)
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		ctx.SetHeader("Cache-Control", noStore)
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		ctx.SetStatus(http.StatusOK)
		if ctx.Method() == http.MethodHead {
			return
		}
		r, w := humago.Unwrap(ctx)
		if err := s.writeAudit(r.Context(), w, span, first); err != nil {
			panic(http.ErrAbortHandler) // net/http then breaks the connection off, and logs nothing
		}
	}}, nil
}

// writeAudit writes a page of entries, and those behind it. It holds one page, and
// nothing of the database while its client reads.
func (s *service) writeAudit(ctx context.Context, w http.ResponseWriter, span auditSpan, page []ports.AuditEntry) (err error) {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	for told := int64(0); ; {
		for _, e := range page {
			if !span.holds(e) {
				continue
			}
			if err := lines.Encode(entryOf(e)); err != nil {
				return err
			}
			if told++; told == span.limit {
				return nil
			}
		}
		if len(page) < auditPage {
			return nil
		}
		if page, err = s.app.AuditTrail(ctx, page[len(page)-1].Number, auditPage); err != nil {
			return err
		}
	}
}

func entryOf(e ports.AuditEntry) AuditEntry {
	return AuditEntry{Number: e.Number, At: e.At, Subject: string(e.Subject), From: e.From, Act: e.Act, Object: e.Object, Detail: e.Detail}
}
