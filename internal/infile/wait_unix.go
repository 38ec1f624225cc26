//go:build unix

package infile

import "syscall"

// dontWait keeps opening a pipe that took a file's place from waiting for a writer.
const dontWait = syscall.O_NONBLOCK
