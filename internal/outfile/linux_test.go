package outfile

import (
	"testing"
)

// TestUnwritableFolder: a folder in which nothing can be made, which not even root can do in
// /proc, is found by Check, and a device is not replaced.
func TestUnwritableFolder(t *testing.T) {
	for path, want := range map[string]string{"/proc/out": "no such file or directory", "/dev/null": "it is no file"} {
		if err := Check(path, true); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if err := CheckFolder("/proc/out"); err == nil {
		t.Error("a folder in /proc")
	}
}
