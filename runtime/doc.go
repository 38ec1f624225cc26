// Package runtime runs multi-bit spiking networks.
package runtime
