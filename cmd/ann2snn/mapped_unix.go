//go:build linux || darwin

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps a file into memory: its pages are read when they are used. drop releases
// the pages that were read so far; they are read again when they are used again. A file
// that is no plain file is read as os.ReadFile does.
func mapFile(path string) (b []byte, drop func(), err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if info.Mode().IsRegular() && info.Size() > 0 && info.Size() == int64(int(info.Size())) {
		b, err = unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
		if err == nil {
			return b, func() { _ = unix.Madvise(b, unix.MADV_DONTNEED) }, nil
		}
	}
	return readWhole(path)
}
