package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"rostrum/cmd/rostrum/config"
)

// httpPort looks whether the server could listen, or does.
func httpPort(cfg config.HTTP, now *instance) func(context.Context) Result {
	return func(ctx context.Context) Result {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Addr)
		if err != nil {
			return taken("http.addr", "tcp", cfg.Addr, err, now)
		}
		if err := listener.Close(); err != nil {
			return fail(err.Error(), "See the system's log.")
		}
		return ok("%s is free", cfg.Addr)
	}
}

// taken says why an address cannot be listened on.
func taken(key, network, addr string, err error, now *instance) Result {
	_, port, _ := net.SplitHostPort(addr)
	seen := fmt.Sprintf("%s %s cannot be opened: %v", network, addr, errno(err))
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && now.running():
		return ok("%s is in use, and a Rostrum answers at %s", addr, now.url)
	case errors.Is(err, syscall.EADDRINUSE):
		return fail(seen, fmt.Sprintf("See who has it: ss -lpn -A %s 'sport = :%s'. End that, or give %s another port.", network, port, key))
	case errors.Is(err, syscall.EACCES):
		return fail(seen, "Ports below 1024 are for root: let the program have them by setcap cap_net_bind_service=+ep, or give "+key+" a higher one.")
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fail(seen, "It is no address of this machine: ip -brief address lists them; an empty host is every one.")
	default:
		return fail(seen, "Correct "+key+".")
	}
}

// errno is the system's word in an error of the net package, which repeats the address.
func errno(err error) error {
	var code syscall.Errno
	if errors.As(err, &code) {
		return code
	}
	return err
}
