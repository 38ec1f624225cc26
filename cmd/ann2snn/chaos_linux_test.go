package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"ann2snn/internal/testutil"
)

// unmountable is the exit code of ondisk where no disk can be had.
const unmountable = 77

// morePrograms are programs of tests that other systems lack.
var morePrograms = map[string]func(){"ondisk": ondisk}

// ondisk is ann2snn on a small disk of its own, with the rest of the arguments: those before
// are the disk's bytes and a folder to have it in. In the disk's folder work it runs, with
// files for the time of the work in temp. Afterwards it copies both to the folder in the
// third argument, which is how a test sees what is left.
func ondisk() {
	size, dir, left := os.Args[1], os.Args[2], os.Args[3]
	work, temp := filepath.Join(dir, "work"), filepath.Join(dir, "temp")
	if err := errors.Join(
		syscall.Mount("", "/", "", syscall.MS_PRIVATE|syscall.MS_REC, ""),
		syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size),
		os.Mkdir(work, 0o700), os.Mkdir(temp, 0o700), os.Setenv("TMPDIR", temp), os.Chdir(work),
	); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(unmountable)
	}
	code := run(os.Args[4:], nil, io.Discard, os.Stderr)
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(unmountable)
	}
	os.Exit(code)
}

// onDisk runs a writer on a disk of so many bytes, and returns the exit code, what it says, and
// the folder with what is left on the disk.
func (w *writer) onDisk(t *testing.T, size int) (code int, stderr, left string) {
	t.Helper()
	left = t.TempDir()
	cmd, says := exec.Command("ondisk", slices.Concat([]string{strconv.Itoa(size), t.TempDir(), left}, w.args)...), new(bytes.Buffer)
	cmd.Stderr = says
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		}
	}
	if err := cmd.Start(); err != nil {
		t.Skip("NO FULL DISK IS TESTED: no mounts of one's own here: ", err)
	}
	code = exitCode(t, cmd)
	if code == unmountable {
		t.Skip("NO FULL DISK IS TESTED: none can be mounted here: ", says)
	}
	return code, says.String(), left
}

// TestChaosFullDisk: on a disk that is too small every writer says so; each output is complete
// or not there, and nothing else is left.
func TestChaosFullDisk(t *testing.T) {
	if testing.Short() && testutil.Race {
		t.Skip("the processes are not those of the race detector")
	}
	const page, roomy = 4096, 64 << 20
	for _, w := range writers(t) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			code, stderr, left := w.onDisk(t, roomy)
			if code != exitOK {
				t.Fatalf("exit code %d\n%s", code, stderr)
			}
			after := contents(t, filepath.Join(left, "work"))
			used := 0
			for _, file := range after {
				used += (len(file) + page - 1) / page * page
			}
			disks := []int{max(used/2, page)}
			if chaosKills(t) > 0 {
				for i := range 20 {
					disks = append(disks, max(page, used*i/19-page))
				}
			}
			failed := false
			for _, size := range disks {
				code, stderr, left := w.onDisk(t, size)
				if code == exitOK {
					sameFiles(t, filepath.Join(left, "work"), after)
					continue
				}
				failed = true
				if code != exitFailure || !strings.Contains(strings.ToLower(stderr), errFull.Error()) {
					t.Errorf("on %d bytes: exit code %d\n%s", size, code, stderr)
				}
				w.whole(t, filepath.Join(left, "work"), map[string]string{}, after)
				for name := range contents(t, left) {
					if hidden(name) || filepath.Dir(name) == "temp" {
						t.Errorf("on %d bytes: %s is left", size, name)
					}
				}
			}
			if !failed {
				t.Errorf("no disk of %v bytes is too small for %v", disks, slices.Sorted(maps.Keys(after)))
			}
		})
	}
}
