//go:build !unix

package infile

// dontWait has no equal on systems whose pipes are not in folders.
const dontWait = 0
