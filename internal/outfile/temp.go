package outfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// temp is a file or folder on its way, open and locked.
type temp struct {
	path string
	file *os.File
}

// lock is what became of an attempt to lock a file.
type lock int

const (
	locked     lock = iota
	held            // by another process, or another file of this one
	unlockable      // no file can be locked there
)

// unfinished are the paths of all that is on its way in this process.
var unfinished = struct {
	sync.Mutex
	paths map[string]bool
}{paths: map[string]bool{}}

// Abandon removes all that is on its way in this process and keeps anything else from being
// made: it is for a process that ends without waiting for its work.
func Abandon() {
	unfinished.Lock() // for good: nobody is to begin or to finish
	for path := range unfinished.paths {
		_ = os.RemoveAll(path)
	}
}

// longestName bounds what is taken of a name into a hidden one, as systems bound names.
const longestName = 200

// affixes returns how hidden names for path begin and end.
func affixes(path string) (before, after string) {
	base := filepath.Base(path)
	return "." + base[:min(len(base), longestName)] + ".", ".tmp"
}

// createFile creates a file beside path, readable by those whom the user's umask allows,
// which os.CreateTemp would not make it.
func createFile(path string) (*temp, error) {
	before, after := affixes(path)
	return create(filepath.Dir(path), before, after, func(name string) (*os.File, error) {
		return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
	})
}

// createFolder is createFile for a folder.
func createFolder(path string) (*temp, error) {
	before, after := affixes(path)
	return create(filepath.Dir(path), before, after, func(name string) (*os.File, error) {
		return makeFolder(name, 0o777)
	})
}

// makeFolder makes and opens a folder.
func makeFolder(name string, mode fs.FileMode) (*os.File, error) {
	if err := os.Mkdir(name, mode); err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) { // swept already
		err = fs.ErrExist
	}
	return f, err
}

// Scratch makes a folder for intermediate files whose name begins with prefix, among the
// system's temporary ones. remove removes it. What killed processes left of that name goes first.
func Scratch(prefix string) (dir string, remove func() error, err error) {
	sweepLike(os.TempDir(), prefix, "")
	t, err := create(os.TempDir(), prefix, "", func(name string) (*os.File, error) {
		return makeFolder(name, 0o700)
	})
	if err != nil {
		return "", nil, err
	}
	return t.path, t.drop, nil
}

// create makes something with a new name by do, and locks it.
func create(dir, before, after string, do func(name string) (*os.File, error)) (*temp, error) {
	unfinished.Lock()
	defer unfinished.Unlock()
	for {
		path := filepath.Join(dir, fmt.Sprintf("%s%08x%s", before, rand.Uint32(), after))
		f, err := do(path)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if tryLock(f) != held && isAt(f, path) {
			unfinished.paths[path] = true
			return &temp{path, f}, nil
		}
		_ = f.Close() // a sweeper came before the lock, and removes it
	}
}

// isAt reports whether an open file still has its name.
func isAt(f *os.File, path string) bool {
	there, err := os.Lstat(path)
	if err != nil {
		return false
	}
	info, err := f.Stat()
	return err == nil && os.SameFile(info, there)
}

// publish gives a file its name.
func (t *temp) publish(path string, replace bool) error {
	unfinished.Lock()
	defer unfinished.Unlock()
	t.release()
	if replace {
		return os.Rename(t.path, path)
	}
	err := os.Link(t.path, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// A file system without links: who makes the name first may fill it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Rename(t.path, path))
}

// release closes a file where one that is open keeps its name.
func (t *temp) release() {
	if !renamesOpen {
		_ = t.file.Close()
	}
}

// publishFolder gives a folder its name. Systems replace no folder that holds something.
func (t *temp) publishFolder(path string) error {
	unfinished.Lock()
	defer unfinished.Unlock()
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	t.release()
	err := os.Rename(t.path, path)
	if _, there := os.Lstat(path); err != nil && there == nil {
		return fs.ErrExist
	}
	return err
}

// drop removes what has not got its name, or its second name.
func (t *temp) drop() error {
	unfinished.Lock()
	defer unfinished.Unlock()
	delete(unfinished.paths, t.path)
	t.release()
	err := os.RemoveAll(t.path)
	_ = t.file.Close() // last, as it takes the lock away; nothing waits to be written
	return err
}

// sweep removes what killed processes left of files and folders for path.
func sweep(path string) {
	before, after := affixes(path)
	sweepLike(filepath.Dir(path), before, after)
}

// sweepLike removes what no process holds of the hidden names of a kind. What it cannot open
// or remove stays: it is not in the way.
func sweepLike(dir, before, after string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		name := e.Name()
		number := strings.TrimSuffix(strings.TrimPrefix(name, before), after)
		if len(number) != 8 || name != before+number+after || strings.Trim(number, "0123456789abcdef") != "" || !e.IsDir() && !e.Type().IsRegular() {
			continue
		}
		path := filepath.Join(dir, name)
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		if tryLock(f) == locked && isAt(f, path) {
			_ = os.RemoveAll(path)
		}
		_ = f.Close()
	}
}
