package client

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// maxICEServers is how many ICE servers of an answer are used.
const maxICEServers = 16

// ICEServer is a STUN or TURN server that the operator names (RFC 9725 §4.6). What it has
// of credentials is for the session alone, and a secret.
type ICEServer struct {
	URL        string // as turn:turn.example.net?transport=udp
	Username   string
	Credential string
}

// iceServers reads the Link fields of an answer. What is none is passed over.
func iceServers(header http.Header) []ICEServer {
	var servers []ICEServer
	for _, field := range header.Values("Link") {
		for _, link := range links(field) {
			if server, ok := iceServer(link); ok && len(servers) < maxICEServers {
				servers = append(servers, server)
			}
		}
	}
	return servers
}

// links takes a Link field apart at the commas between links (RFC 8288 §3).
func links(field string) []string {
	var found []string
	begin, quoted, target := 0, false, false
	for i := 0; i < len(field); i++ {
		switch c := field[i]; {
		case quoted && c == '\\':
			i++ // what follows is meant as it is
		case c == '"' && !target:
			quoted = !quoted
		case quoted:
		case c == '<':
			target = true
		case c == '>':
			target = false
		case c == ',' && !target:
			found = append(found, field[begin:i])
			begin = i + 1
		}
	}
	return append(found, field[begin:])
}

func iceServer(link string) (ICEServer, bool) {
	target, parameters, ok := strings.Cut(strings.TrimSpace(link), ">")
	target, opened := strings.CutPrefix(target, "<")
	scheme, _, _ := strings.Cut(target, ":")
	if !ok || !opened || !slices.Contains([]string{"stun", "stuns", "turn", "turns"}, strings.ToLower(scheme)) {
		return ICEServer{}, false
	}
	_, said, err := mime.ParseMediaType("link/ice" + parameters) // parameters are written as there
	if err != nil || !slices.Contains(strings.Fields(said["rel"]), "ice-server") {
		return ICEServer{}, false
	}
	return ICEServer{URL: target, Username: said["username"], Credential: said["credential"]}, true
}
