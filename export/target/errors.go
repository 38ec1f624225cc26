package target

import "errors"

// ErrNoConsumer says that nothing on this machine can run an export.
var ErrNoConsumer = errors.New("no consumer of this target is installed")
