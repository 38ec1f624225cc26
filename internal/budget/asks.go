//go:build !lean

package budget

// Asks says that the runtime asks budgets. Programs built with the tag lean hold a network of
// their own and have no budget, so that the questions, and the sums of bytes behind them, are
// left out of them.
const Asks = true
