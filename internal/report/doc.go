// Package report prints results: as aligned tables for a terminal or a pipe, as JSON for
// programs, and, of a comparison, as a self-contained HTML page.
package report
