package snn

import "errors"

// Errors of [Decode] to test for with errors.Is. Bytes that are well formed but describe no
// valid network give the errors of Verify.
var (
	// ErrNotSNN: the bytes are no .snn file.
	ErrNotSNN = errors.New("snn: this is not an .snn file")
	// ErrNewer: the file needs a newer version of this package.
	ErrNewer = errors.New("snn: the file needs a newer version")
	// ErrDamaged: the file was cut off, appended to or changed.
	ErrDamaged = errors.New("snn: the file is damaged")
)

// fileError is one of these errors with what is wrong in this case.
type fileError struct {
	kind error
	text string
}

func (e *fileError) Error() string { return "snn: " + e.text }
func (e *fileError) Unwrap() error { return e.kind }

func damaged(text string) error { return &fileError{ErrDamaged, text} }

func newer(text string) error { return &fileError{ErrNewer, text} }
