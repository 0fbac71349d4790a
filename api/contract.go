package api

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// version is the contract's own, by semantic versioning: what breaks a client raises
// the first number, what a client may leave alone the second.
const version = "1.0.0"

// tagOperations is of what the operator's machines ask.
const tagOperations = "Operations"

// contract returns the part of the OpenAPI document that belongs to no operation.
func contract() huma.Config {
	config := huma.DefaultConfig("Rostrum", version)
	config.CreateHooks = nil // no $schema links in bodies
	config.DocsPath = ""     // the page at /docs is ours and needs no other host
	config.SchemasPath = ""
	config.OpenAPIPath = "" // the documents are written by api/openapi
	config.Info.Description = introduction + codeList()
	config.Info.License = nil
	config.Servers = []*huma.Server{{URL: "/", Description: "The server that this document is read from."}}
	config.Tags = []*huma.Tag{
		{Name: "WHIP", Description: "Publishing into a room: one publisher at a time."},
		{Name: "WHEP", Description: "Watching a room: any number of subscribers."},
		{Name: tagRooms, Description: "Places to publish into and to watch. Those that are provisioned have settings and tokens of their own, and outlive who is in them."},
		{Name: tagSessions, Description: "Who came into which room, when, how it went and why it ended."},
		{Name: tagRecordings, Description: "What has been recorded: one publication of a room each, as media files. Who may watch a room may see its recordings."},
		{Name: "Audit", Description: "Who did what, and who was not let in."},
		{Name: tagOperations, Description: "For the machines that run the server: whether it lives, whether new sessions had better be sent to it, and its metrics. None needs a token."},
	}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A token that the operator gave out. It says who you are, and what you may do in which rooms. " +
			"It goes in the Authorization header alone, and never in a URL, which logs and histories keep."},
	}
	config.Components.Headers = sharedHeaders()
	config.Components.Examples = codeExamples()
	return config
}

const introduction = `Publish a WebRTC stream into a room by WHIP (RFC 9725), watch it by WHEP (draft-ietf-wish-whep), and have it recorded. Rooms can be provisioned, with tokens of their own; who came and who did what is kept.

## What stays as it is

Within one major version of this contract nothing is taken away, and no request that was right becomes wrong. Answers may gain members, headers and, where a value is marked ` + "`x-extensible-enum`" + `, values: ignore what you do not know. Requests are read strictly: a member that is not in this contract is refused, so that a misspelt one is not taken for none.

## Rate limits

Requests are counted by the address that they come from. ` + "`RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`" + ` tell how many are left, where the operator has set a limit, with every answer. A request too many is answered with 429 and ` + "`Retry-After`" + `.

## Refusals

Whatever is refused is answered with a Problem (RFC 9457, application/problem+json). Programs go by its ` + "`code` and `retryable`" + `, people read its ` + "`detail`" + `. Where ` + "`retryable`" + ` is true the same request may succeed later: wait as long as ` + "`Retry-After`" + ` says, or else longer each time. Where it is false it will not, until something else is changed. Take a code that you do not know for its status.

`

// codeList lists the codes of all problems, those of one status together.
func codeList() string {
	var b strings.Builder
	for _, p := range problems() {
		again := "not again"
		if p.Retryable {
			again = "try again"
		}
		fmt.Fprintf(&b, "- `%s` (%d, %s): %s\n", p.Code, p.Status, again, p.Detail)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Who may call: whoever has a token, or anybody.
var (
	bearer  = []map[string][]string{{"bearer": {}}}
	anybody = []map[string][]string{{}}
)
