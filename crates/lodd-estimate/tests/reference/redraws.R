# Values for what re-runs the draw or signs, by refitting for every assignment and every vector of signs: Rscript
# redraws.R writes redraws_cases.csv, 24 small made-up trials with ties, blocks of two and clusters of one to three
# rows, and redraws_values.csv. Base R.
set.seed(20201125)
made <- function(id) repeat {
  G <- sample(6:8, 1); cl <- rep(seq_len(G), sample(1:3, G, TRUE)); n <- length(cl)
  z <- sample(rep(0:1, length.out = G))[cl]; m <- sample(c(3, 4, 5), 1)
  b <- rep(c("a", "b", "c"), c(4, 2, m)); seats <- c(a = 2, b = 1, c = 1 + sample.int(m - 2, 1))
  if (n < length(b)) next
  u <- rep(NA, n); for (it in names(seats)) { at <- which(b == it); u[at] <- sample(rep(1:0, c(seats[[it]], length(at) - seats[[it]]))) }
  x1 <- round(rnorm(n), 1); x2 <- rbinom(n, 1, .5); y <- round(rnorm(n) + .5 * z + .5 * x1, 1)
  t <- data.frame(dataset = id, cl = cl, z = z, b = c(b, rep(NA, n - length(b))), u = u, x1 = x1, x2 = x2, y = y)
  if (all(table(t$x2) > 1) && length(unique(t$x1[!is.na(t$u)])) > 4) return(t)
}
trials <- do.call(rbind, lapply(1:24, made))
write.csv(trials, "redraws_cases.csv", row.names = FALSE, quote = FALSE)
all <- trials
source("values.R")
trials <- all

# Every assignment of so many in each block, a row each.
assignments <- function(u, b) {
  parts <- lapply(split(seq_along(u), b), function(at) { s <- combn(length(at), sum(u[at])); lapply(seq_len(ncol(s)), function(i) at[s[, i]]) })
  grid <- expand.grid(lapply(parts, seq_along))
  t(apply(grid, 1, function(i) { v <- integer(length(u)); for (j in seq_along(parts)) v[parts[[j]][[i[j]]]] <- 1; v }))
}
ginv <- function(m) { e <- eigen(m, symmetric = TRUE); k <- e$values > 1e-9 * max(e$values); e$vectors[, k, drop = FALSE] %*% (t(e$vectors[, k, drop = FALSE]) / e$values[k]) }

for (id in unique(trials$dataset)) {
  t <- trials[trials$dataset == id, ]; k <- t[!is.na(t$u), ]
  blocked <- function(v) sum(sapply(split(seq_along(v), k$b), function(at) length(at) / length(v) * (mean(k$y[at][v[at] == 1]) - mean(k$y[at][v[at] == 0]))))
  every <- assignments(k$u, k$b); seen <- blocked(k$u); null <- apply(every, 1, blocked)
  case <- "randomization_test z=u block=b"
  add(id, case, "z", seen, p = mean(abs(null) >= abs(seen) - 1e-9))
  add(id, paste(case, "alternative=greater"), "z", seen, p = mean(null >= seen - 1e-9))
  add(id, paste(case, "alternative=less"), "z", seen, p = mean(null <= seen + 1e-9))
  # Without blocks, by the distance of the distributions and by Welch's t.
  every <- assignments(k$u, rep(1, nrow(k)))
  ks <- function(v) max(sapply(k$y, function(at) abs(mean(k$y[v == 1] <= at) - mean(k$y[v == 0] <= at))))
  null <- apply(every, 1, ks); add(id, "randomization_test z=u statistic=ks", "z", p = mean(null >= ks(k$u) - 1e-9))
  welch <- function(v) { a <- k$y[v == 1]; c <- k$y[v == 0]; (mean(a) - mean(c)) / sqrt(var(a) / length(a) + var(c) / length(c)) }
  null <- apply(every, 1, welch)
  if (all(is.finite(null))) add(id, "randomization_test z=u statistic=studentized", "z", p = mean(abs(null) >= abs(welch(k$u)) - 1e-9))
  # Balance: totals of the treated in the metric of their covariance over all assignments.
  every <- assignments(k$u, k$b); x <- cbind(k$x1, k$x2); totals <- every %*% x; centre <- colMeans(totals)
  inverse <- ginv(crossprod(sweep(totals, 2, centre)) / nrow(totals)); d2 <- apply(totals, 1, function(it) drop(t(it - centre) %*% inverse %*% (it - centre)))
  own <- colSums(x[k$u == 1, , drop = FALSE]); own <- drop(t(own - centre) %*% inverse %*% (own - centre))
  case <- "balance z=u block=b covariates=x1+x2"
  add(id, case, "joint", statistic = own, p = mean(d2 >= own - 1e-9))
  f <- anova(lm(u ~ b, k), lm(u ~ b + x1 + x2, k))[2, ]; add(id, case, "f_test", statistic = f$F, df = f$Df, p = f$`Pr(>F)`)
  # The wild cluster bootstrap with all signs, the fit without the treatment as the truth.
  x <- cbind(1, t$z, t$x1); bread <- solve(crossprod(x)); free <- lm(y ~ x1, t); G <- max(t$cl)
  fit <- function(y) {
    b <- drop(bread %*% crossprod(x, y)); e <- y - drop(x %*% b); s <- rowsum(x * e, t$cl); v <- bread %*% crossprod(s) %*% bread
    c(b[2], sqrt(v[2, 2]), b[2] / sqrt(v[2, 2]))
  }
  own <- fit(t$y); signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), G)))
  null <- apply(signs, 1, function(v) fit(fitted(free) + v[t$cl] * resid(free))[3])
  add(id, "wild_bootstrap z=z covariates=x1 cluster=cl", "z", own[1], own[2], own[3], p = mean(abs(null) >= abs(own[3]) * (1 - 1e-9)))
}
write_values("redraws_values.csv")
