package api

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/app/archive"
	"rostrum/domain"
)

// mediaInput names a file of a recording.
type mediaInput struct {
	Recording string `path:"recording"`
	Part      string `query:"part"`
	Download  string `query:"download"`
	Expires   string `query:"expires"`
	Signature string `query:"signature"`
}

// registerMedia declares the reading of a recording's files.
func (s *service) registerMedia(api huma.API) {
	op := s.recordingOperation(api, http.MethodGet, recordingPath+"/media", "recording_unknown", "recording_pending", "range_invalid")
	op.OperationID, op.Summary = "getRecordingMedia", "Play or download a recording"
	op.Description = "A file of the recording, whole or a range of it (RFC 9110 §14), also while it waits for the store; where the store gives out addresses of its own, a redirect to one. " +
		"Needs a token for who may watch the room, or the expires and signature of a link that another answer gave out."
	op.Middlewares = huma.Middlewares{s.limited(api, s.toSessions), s.linkedOrIdentified(api)}
	op.Parameters = mediaParameters()
	document(op.Responses, errLink)
	document(op.Responses, errOtherFile)
	documentMedia(op.Responses)
	huma.Register(api, op, s.readMedia)
}

// documentMedia adds the answers with a file, a part of it, or where it is.
func documentMedia(responses map[string]*huma.Response) {
	tag := header("The file's SHA-256, for If-Range and If-None-Match.", exampleMediaTag)
	ranges := header("That ranges may be asked for.", "bytes")
	name := header("The name to save it under, where download was asked for.", `attachment; filename=demo-20260131T180000Z-part-001.mp4`)
	responses["200"] = &huma.Response{Description: "The file.", Content: mediaContent(), Headers: map[string]*huma.Param{
		"ETag": tag, "Accept-Ranges": ranges, "Content-Disposition": name,
	}}
	responses["206"] = &huma.Response{Description: "The range of it.", Content: mediaContent(), Headers: map[string]*huma.Param{
		"ETag": tag, "Accept-Ranges": ranges, "Content-Disposition": name,
		"Content-Range": header("Which range it is, of how many bytes.", "bytes 0-1023/412000000"),
	}}
	responses["304"] = &huma.Response{Description: "It is the one that If-None-Match names.", Headers: map[string]*huma.Param{"ETag": tag, "Content-Disposition": name}}
	responses["307"] = &huma.Response{Description: "The store has it.", Headers: map[string]*huma.Param{
		"Location": header("Where, for one hour.", "https://storage.example.net/recordings/demo/part-001.mp4?signature=bGlrZSB0aGlz"),
	}}
	responses["416"].Headers["Content-Range"] = header("How long the file is.", "bytes */412000000")
}

const exampleMediaTag = `"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`

func mediaParameters() []*huma.Param {
	condition := func(name, description, example string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Description: description, Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
	}
	query := func(name, description string, schema *huma.Schema) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: description, Schema: schema}
	}
	return []*huma.Param{
		recordingParameter(),
		query("part", "The file's name; the first part where it is not said.", &huma.Schema{Type: huma.TypeString, Examples: []any{"part-001.mp4"}}),
		query("download", "true has a browser save it under a name that tells room and time.", &huma.Schema{Type: huma.TypeString, Enum: []any{"true", "false"}, Default: "false", Examples: []any{"true"}}),
		query("expires", "Of a link: until when it holds, in seconds since 1970.", &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9]{1,12}$", Examples: []any{"1769886000"}}),
		query("signature", "Of a link: that it was given out here.", &huma.Schema{Type: huma.TypeString, Examples: []any{"bGlrZSB0aGlz"}}),
		condition("Range", "The one range of bytes that is wanted; several at once get the whole.", "bytes=0-1023"),
		condition("If-Range", "The range is wanted of the file with this ETag alone; of another one the whole.", exampleMediaTag),
		condition("If-None-Match", "The file is not wanted again if it has this ETag.", exampleMediaTag),
	}
}

func mediaContent() map[string]*huma.MediaType {
	content := map[string]*huma.MediaType{}
	for _, kind := range []string{"video/mp4", "video/webm", "audio/mp4", "audio/webm"} {
		content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return content
}

// linked is what the holder of a link may do: it has been checked for one file.
var linked = domain.Grant{Subject: "link", Permissions: domain.Allow([]domain.Action{domain.ActionPlay}, "*")}

// linkedOrIdentified lets a request pass that has a link which holds, or else one whose
// bearer is known.
func (s *service) linkedOrIdentified(api huma.API) middleware {
	identified := s.identified(api)
	return func(ctx huma.Context, next func(huma.Context)) {
		expires, signature := ctx.Query("expires"), ctx.Query("signature")
		if expires == "" && signature == "" {
			identified(ctx, next)
			return
		}
		if err := s.links.check(domain.RecordingID(ctx.Param("recording")), ctx.Query("part"), expires, signature, time.Now()); err != nil {
			s.refuse(api, ctx, err)
			return
		}
		next(with(ctx, linked))
	}
}

func (s *service) readMedia(ctx context.Context, in *mediaInput) (*huma.StreamResponse, error) {
	id, err := parseRecordingID(in.Recording)
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	v, err := s.archive.Recording(ctx, grantOf(ctx), id)
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	file, download := in.Part, ""
	if file == "" && len(v.Parts) > 0 {
		file = v.Parts[0].File
	}
	if in.Download == "true" {
		download = downloadName(v.Recording, file)
	}
	media, err := s.archive.OpenMedia(ctx, id, file, linkLife, download)
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	part, _ := v.Part(file)
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		s.serveMedia(w, r, media, part, download)
	}}, nil
}

// downloadName is what a part's file is saved as.
func downloadName(r domain.Recording, file string) string {
	return fmt.Sprintf("%s-%s-%s", r.Room, r.Started.UTC().Format("20060102T150405Z"), file)
}

// serveMedia answers with a file, or with where it is. A HEAD is answered here in any
// case, as the addresses that stores give out are for GET alone.
func (s *service) serveMedia(w http.ResponseWriter, r *http.Request, media archive.Media, part domain.Part, download string) {
	h := w.Header()
	if media.URL != "" && r.Method != http.MethodHead {
		h.Set("Location", media.URL)
		h.Set("Cache-Control", noStore)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	h.Set("Content-Type", media.Type)
	h.Set("ETag", entityTag(part.SHA256))
	h.Set("Cache-Control", "private, no-cache") // what has been deleted plays no more
	h.Set("X-Content-Type-Options", "nosniff")
	if download != "" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": download}))
	}
	if media.Content == nil {
		h.Set("Accept-Ranges", "bytes")
		h.Set("Content-Length", strconv.FormatInt(media.Size, 10))
		return
	}
	defer func() { _ = media.Content.Close() }() // it was only read
	if err := serveFile(w, r, media.Content); err != nil {
		p := s.problem(r.Context(), fmt.Errorf("send %s: %w", part.File, err))
		s.refusals.count(r.URL.Path, p)
		writeProblem(w, p)
	}
}
