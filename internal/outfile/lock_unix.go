//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package outfile

import (
	"errors"
	"os"
	"syscall"
)

// open files can be renamed.
const renamesOpen = true

// tryLock takes the lock of a file, which ends with the process.
func tryLock(f *os.File) lock {
	for {
		switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return locked
		case errors.Is(err, syscall.EWOULDBLOCK):
			return held
		case !errors.Is(err, syscall.EINTR):
			return unlockable // as on some network file systems
		}
	}
}
