package outfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// names lists a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// TestOneWriterWins: of many writers of one name that must not replace anything, one wins,
// the others are told, and the file is the winner's.
func TestOneWriterWins(t *testing.T) {
	const writers = 16
	dir := t.TempDir()
	for what, write := range map[string]func(path, s string) error{
		"file": func(path, s string) error { return Write(path, false, text(s)) },
		"folder": func(path, s string) error {
			return Folder(path, func(dir string) error { return os.WriteFile(filepath.Join(dir, "f"), []byte(s), 0o600) })
		},
	} {
		path := filepath.Join(dir, what)
		errs, begin := make([]error, writers), make(chan struct{})
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				<-begin
				errs[i] = write(path, strconv.Itoa(i))
			})
		}
		close(begin)
		all.Wait()
		winner := slices.Index(errs, nil)
		for i, err := range errs {
			if i != winner && !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s: writer %d: %v, while %d won", what, i, err, winner)
			}
		}
		if what == "folder" {
			path = filepath.Join(path, "f")
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != strconv.Itoa(winner) {
			t.Errorf("%s: %q, %v, and %d won", what, got, err, winner)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"file", "folder"}) {
		t.Errorf("left %q", got)
	}
}

// TestNothingIsReplaced: a file that appears during the work stays, and so does a folder.
func TestNothingIsReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	err := Write(path, false, func(io.Writer) error { return os.WriteFile(path, []byte("theirs"), 0o600) })
	if got, _ := os.ReadFile(path); !errors.Is(err, fs.ErrExist) || string(got) != "theirs" {
		t.Errorf("%v, %q", err, got)
	}
	folder := filepath.Join(dir, "empty")
	err = Folder(folder, func(string) error { return os.Mkdir(folder, 0o700) })
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("an empty folder is replaced: %v", err)
	}
	if err := Write(path, true, text("ours")); err != nil {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "ours" {
		t.Errorf("%q", got)
	}
}

// TestStaleFilesGo: what no process holds goes with the next check or write of the same name;
// what one holds, and what belongs to other names, stays.
func TestStaleFilesGo(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.snn")
	held, err := createFile(path)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := createFolder(path)
	if err != nil {
		t.Fatal(err)
	}
	if tryLock(held.file) == unlockable {
		t.Skip("files cannot be locked here")
	}
	others := []string{".out.snn.123.tmp", ".out.snn.0123456g.tmp", ".other.snn.01234567.tmp", "out.snn.01234567.tmp"}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(dir, filepath.Join(dir, ".out.snn.00000003.tmp")); err != nil {
		t.Fatal(err)
	}
	want := append(others, ".out.snn.00000003.tmp", filepath.Base(held.path), filepath.Base(folder.path))
	slices.Sort(want)
	for what, next := range map[string]func() error{
		"check":        func() error { return Check(path, false) },
		"folder check": func() error { return CheckFolder(path) },
		"write": func() error {
			return errors.Join(Write(path, true, text("x")), os.Remove(path))
		},
		"folder": func() error {
			return errors.Join(Folder(path, func(string) error { return nil }), os.Remove(path))
		},
	} {
		stale := filepath.Join(dir, ".out.snn.00000001.tmp")
		if err := errors.Join(os.WriteFile(stale, []byte("half"), 0o600), os.MkdirAll(filepath.Join(dir, ".out.snn.00000002.tmp", "part"), 0o700)); err != nil {
			t.Fatal(err)
		}
		if err := next(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if got := names(t, dir); !slices.Equal(got, want) {
			t.Errorf("%s leaves %q, want %q", what, got, want)
		}
	}
	if err := errors.Join(held.drop(), folder.drop()); err != nil {
		t.Error(err)
	}
}

// TestAbandon: what is unfinished goes, and nothing is finished or begun afterwards.
func TestAbandon(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir := t.TempDir()
	scratch, _, err := Scratch("test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(scratch, "part"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := createFile(filepath.Join(dir, "file")); err != nil {
		t.Fatal(err)
	}
	f, err := createFolder(filepath.Join(dir, "folder"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.path, "part"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	Abandon()
	defer unfinished.Unlock()
	if left := append(names(t, dir), names(t, filepath.Dir(scratch))...); len(left) > 0 {
		t.Errorf("left %q", left)
	}
	if unfinished.TryLock() {
		t.Error("another file could be begun")
	}
}

// TestCheck: what cannot be written to is found before the work.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(os.WriteFile(at("file"), nil, 0o600), os.Symlink(dir, at("link"))); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path    string
		replace bool
		want    string
	}{
		{at("new"), false, ""},
		{at("file"), true, ""},
		{at("file"), false, "file already exists"},
		{dir, true, "it is a folder"},
		{at("link"), true, "it is a folder"},
		{at("none/new"), false, "there is no folder " + at("none")},
		{at("file/new"), false, "there is no folder " + at("file")},
		{at(strings.Repeat("x", 230)), false, ""}, // a hidden name may not be longer
	} {
		err := Check(tt.path, tt.replace)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || err.Error() != tt.want) {
			t.Errorf("%s: %v, want %q", tt.path, err, tt.want)
		}
	}
	if err := Write(at(strings.Repeat("x", 230)), false, text("")); err != nil {
		t.Error(err)
	}
}
