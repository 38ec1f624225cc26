package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
)

const (
	// maxSample bounds the values of one sample.
	maxSample = 1 << 28
	// maxInflated bounds what is held of a compressed file, in bytes.
	maxInflated = 1 << 30
	// maxFile bounds files that are read whole, in bytes: pictures and lists of labels.
	maxFile = 1 << 28
)

// tree is the file system a data set lies in.
type tree struct {
	fs.FS
	prefix string // where the user's path leads, for messages
}

// path returns a file's name as the user would write it.
func (t tree) path(name string) string { return filepath.Join(t.prefix, filepath.FromSlash(name)) }

// blob is a file read at random positions, by several goroutines.
type blob struct {
	io.ReaderAt
	io.Closer
	size int64
}

func (t tree) blob(name string) (*blob, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	b, err := newBlob(f)
	if err != nil {
		return nil, errors.Join(reason(err), f.Close())
	}
	return b, nil
}

func newBlob(f fs.File) (*blob, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if r, ok := f.(io.ReaderAt); ok {
		return &blob{r, f, info.Size()}, nil
	}
	data, err := readLimited(f, maxInflated)
	if err != nil {
		return nil, err
	}
	return &blob{bytes.NewReader(data), f, int64(len(data))}, nil
}

// fill reads buf from r at an offset; less than all of it is an error.
func fill(r io.ReaderAt, buf []byte, at int64) error {
	n, err := r.ReadAt(buf, at)
	if n == len(buf) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return reason(err)
}

// head returns up to n bytes of the start of a file, fewer if it cannot be read.
func (t tree) head(name string, n int64) []byte {
	f, err := t.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		return nil
	}
	return data
}

// read returns a whole file.
func (t tree) read(name string) ([]byte, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	data, err := readLimited(f, maxFile)
	if err != nil {
		return nil, reason(err)
	}
	return data, nil
}

// readLimited reads to the end, growing with what really comes.
func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("longer than %d bytes", limit)
	}
	return data, nil
}

// files returns the names of a folder's files that keep accepts, sorted, with the
// folder's name before them.
func (t tree) files(dir string, keep func(name string) bool) ([]string, error) {
	entries, err := fs.ReadDir(t, dir)
	if err != nil {
		return nil, reason(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && keep(e.Name()) {
			names = append(names, path.Join(dir, e.Name()))
		}
	}
	return names, nil
}
