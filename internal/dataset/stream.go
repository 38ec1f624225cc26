package dataset

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// OpenReader reads all of a stream and opens it as [Open] opens a file of that content. name
// stands for it in messages and in names of samples.
func OpenReader(r io.Reader, name string, o Options) (*Set, error) {
	data, err := readLimited(r, maxInflated, o.Budget)
	if err != nil {
		return nil, fmt.Errorf("dataset: %q: %w", name, err)
	}
	return OpenFS(memory{name, data}, name, o)
}

// memory is a file system of one file, which lies in memory. It is the description of the file
// too.
type memory struct {
	name string
	data []byte
}

// Open implements fs.FS.
func (m memory) Open(name string) (fs.File, error) {
	if name != m.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return memoryFile{bytes.NewReader(m.data), m}, nil
}

func (m memory) Name() string     { return m.name }
func (m memory) Size() int64      { return int64(len(m.data)) }
func (memory) Mode() fs.FileMode  { return 0o444 }
func (memory) ModTime() time.Time { return time.Time{} }
func (memory) IsDir() bool        { return false }
func (memory) Sys() any           { return nil }

// memoryFile is the file, opened.
type memoryFile struct {
	*bytes.Reader
	of memory
}

func (f memoryFile) Stat() (fs.FileInfo, error) { return f.of, nil }
func (memoryFile) Close() error                 { return nil }
