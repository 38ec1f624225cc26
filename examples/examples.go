// Package examples holds programs that show exported networks at work. Exports copy them.
package examples

import "embed"

// Edge holds the sources of the program edge, without the network and how it sees
// pictures.
//
//go:embed edge/main.go edge/read.go
var Edge embed.FS

// Network is the demonstration network, converted as `ann2snn demo` does.
//
//go:embed edge/net.snn
var Network []byte
