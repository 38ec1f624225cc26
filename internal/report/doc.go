// Package report shows what ann2snn found out: aligned tables for a terminal or a pipe,
// JSON for programs and a self-contained HTML page of a comparison.
package report
