package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// documentOperations documents what the operator's machines ask. health.go and metrics.go
// answer it: huma knows of no answer that is made without it.
func documentOperations(document *huma.OpenAPI) {
	document.AddOperation(healthOperation())
	document.AddOperation(readinessOperation(document.Components.Schemas))
	document.AddOperation(metricsOperation())
}

func healthOperation() *huma.Operation {
	return &huma.Operation{
		OperationID: "getHealth", Method: http.MethodGet, Path: "/healthz", Tags: []string{tagOperations}, Security: anybody,
		Summary:     "See that the process lives",
		Description: "Looks at nothing else. A process that does not answer should be started again.",
		Responses:   map[string]*huma.Response{"204": {Description: "It lives."}},
	}
}

func readinessOperation(schemas huma.Registry) *huma.Operation {
	schema := schemas.Schema(reflect.TypeFor[Readiness](), true, "")
	return &huma.Operation{
		OperationID: "getReadiness", Method: http.MethodGet, Path: "/readyz", Tags: []string{tagOperations}, Security: anybody,
		Summary: "See whether new sessions had better be sent here",
		Description: "Degraded is ready too: while the database is away, rooms that are known go on without it. " +
			"Unavailable is a server that shuts down, or whose database has been away for too long. It names no host and repeats no error.",
		Responses: map[string]*huma.Response{
			"200": {Description: "New sessions may be sent here.", Content: map[string]*huma.MediaType{mediaTypeJSON: {Schema: schema}}},
			"503": {
				Description: "New sessions had better be sent elsewhere.",
				Headers:     map[string]*huma.Param{"Retry-After": sharedHeader("Retry-After")},
				Content: map[string]*huma.MediaType{mediaTypeJSON: {
					Schema: schema, Example: Readiness{Status: "unavailable", Database: DatabaseReadiness{Available: true}},
				}},
			},
		},
	}
}

func metricsOperation() *huma.Operation {
	text := func(example string) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}, Example: example}}
	}
	return &huma.Operation{
		OperationID: "getMetrics", Method: http.MethodGet, Path: "/metrics", Tags: []string{tagOperations}, Security: anybody,
		Summary:     "Read the metrics",
		Description: "In the text format of Prometheus. No metric names a room, a session, a recording or a person.",
		Responses: map[string]*huma.Response{
			"200": {Description: "The metrics as they are now.", Content: text("# HELP rostrum_recordings_live Recordings that are being written now.\n# TYPE rostrum_recordings_live gauge\nrostrum_recordings_live 3\n")},
			"500": {Description: "The metrics cannot be told.", Content: text("An error has occurred while serving metrics.\n")},
			"503": {Description: "Too many ask at once.", Content: text("Limit of concurrent requests reached (4), try again later.\n")},
		},
	}
}
