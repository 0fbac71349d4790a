package doctor

import (
	"context"

	"rostrum/cmd/rostrum/config"
)

// checks are what a server with a valid configuration needs, in the order in which they are
// told.
func checks(cfg *config.Config) []Check {
	now := newInstance(cfg.HTTP)
	all := []Check{
		{"configuration", func(context.Context) Result { return ok("valid") }}, // or there would be no checks
		{"HTTP port", httpPort(cfg.HTTP, now)},
		{"media by UDP", udpPort(cfg.WebRTC, now)},
		{"media by TCP", tcpPort(cfg.WebRTC, now)},
	}
	for _, ip := range cfg.WebRTC.PublicIPs {
		all = append(all, Check{"announced address", announced(cfg.WebRTC, ip)})
	}
	for _, server := range cfg.WebRTC.ICEServers {
		for _, url := range server.URLs {
			all = append(all, Check{"ICE server", iceServer(server, url)})
		}
	}
	all = append(all,
		Check{"socket buffers", socketBuffers},
		Check{"open files", openFiles},
		Check{"database", database(cfg.Database)},
		Check{"store", store(cfg.Storage)},
		Check{"spool", spool(cfg.Recording)},
		Check{"data directory", dataDirectory(cfg)},
		Check{"clock", clock},
	)
	if cfg.HTTP.TLSCert != "" {
		all = append(all, Check{"TLS certificate", certificate(cfg.HTTP)})
	}
	if cfg.Auth.JWT.On() {
		all = append(all, Check{"token issuer", issuer(cfg.Auth.JWT)})
	}
	for _, url := range cfg.Webhooks.URLs {
		all = append(all, Check{"webhook", webhook(url)})
	}
	return all
}
