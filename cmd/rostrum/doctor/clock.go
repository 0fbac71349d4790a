package doctor

import "context"

// clock looks whether the clock of this machine is kept right: tokens, certificates and
// requests to stores depend on it. How far it is from those of the database and the store,
// their own checks tell.
func clock(context.Context) Result { return examineClock(synchronized()) }

func examineClock(right, known bool) Result {
	switch {
	case !known:
		return ok("this system does not tell whether the clock is kept right")
	case !right:
		return warn("nothing keeps the clock of this machine right, says the kernel", "timedatectl set-ntp true, or start chronyd; in a container that is up to its host.")
	}
	return ok("kept right by NTP, says the kernel")
}
