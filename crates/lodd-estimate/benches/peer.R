# The peer of benches/estimate.rs in R: estimatr's CR2 with its df on data of the same shape.
# Prints `peer NAME SECONDS s WHAT`. The large case takes a minute and 13 GB there: not run.
suppressMessages(library(estimatr))
n <- 100000
d <- data.frame(cl = (seq_len(n) - 1) * 1000 %/% n, matrix(rnorm(5 * n), n))
d$z <- as.integer(d$cl %% 2 == 0); d$y <- rnorm(n) + d$cl %% 7
t <- min(replicate(3, system.time(
  lm_robust(y ~ z + X1 + X2 + X3 + X4 + X5, d, clusters = cl, se_type = "CR2"))[["elapsed"]]))
cat(sprintf("peer %-12s %8.4f s             estimatr %s\n", "cr2", t, packageVersion("estimatr")))
