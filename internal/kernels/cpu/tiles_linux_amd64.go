//go:build !purego

package cpu

import "syscall"

// Of Linux's arch_prctl, see its Documentation/arch/x86/xstate.rst.
const (
	requestPermission = 0x1023 // ARCH_REQ_XCOMP_PERM
	tileData          = 18     // the state component
)

// mayUseTiles asks the operating system to let this process use tile registers.
func mayUseTiles() bool {
	_, _, errno := syscall.RawSyscall(syscall.SYS_ARCH_PRCTL, requestPermission, tileData, 0)
	return errno == 0
}
