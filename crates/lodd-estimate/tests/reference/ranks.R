# Values for ranks, pairs and quantiles on the trials of trials.R: Rscript ranks.R writes ranks_values.csv.
# With base R and Debian's coin and exactRankTests; the shift within blocks and its interval by listing.
source("values.R")
suppressPackageStartupMessages({ library(coin); library(exactRankTests) })

# A weighted median of all differences between arms: the middle where half of the weight is reached exactly.
steps <- function(y, u, block) {
  weight <- if (length(unique(block)) == 1) function(n) 1 else function(n) 1 / (n + 1)
  it <- do.call(rbind, lapply(unique(block), function(b) {
    a <- y[block == b & u == 1]; c <- y[block == b & u == 0]
    data.frame(gap = round(as.vector(outer(a, c, "-")), 9), w = weight(sum(block == b)))
  }))
  it[order(it$gap), ]
}
median_of <- function(it) {
  reached <- cumsum(it$w) / sum(it$w)
  low <- it$gap[which(reached >= .5 - 1e-12)[1]]; high <- it$gap[which(reached > .5 + 1e-12)[1]]
  (low + high) / 2
}
for (id in unique(trials$dataset)) {
  t <- trials[trials$dataset == id, ]; y <- t[!is.na(t$y), ]; block <- rep(1, nrow(y))
  case <- "wilcoxon z=u"
  test <- wilcox.exact(y ~ factor(u, 1:0), y)
  # As much of each tail as in the distribution without ties: the (k+1)st smallest difference and its mirror.
  s <- steps(y$y, y$u, block)
  m <- sum(y$u); n <- nrow(y) - m; reach <- qwilcox(.025, m, n)
  add(id, case, "z", median_of(s), p = test$p.value, low = s$gap[reach], high = rev(s$gap)[reach])
  add(id, case, "W_control", statistic = m * n - unname(test$statistic))
  case <- "wilcoxon z=u block=b"
  # Whole scores, which is what coin counts: so many times the least common multiple.
  size <- table(y$b) + 1; gcd <- function(a, b) if (b == 0) a else gcd(b, a %% b)
  lcm <- Reduce(function(a, b) a * b / gcd(a, b), as.vector(size))
  y$score <- 2 * lcm * ave(y$y, y$b, FUN = function(it) rank(it) / (length(it) + 1)); y$score <- round(y$score)
  p <- function(distribution) as.numeric(pvalue(independence_test(score ~ factor(u) | factor(b), y, distribution = distribution, teststat = "scalar")))
  exact <- p("exact")
  control <- sum(sapply(split(y, y$b), function(it) { a <- it$y[it$u == 0]; c <- it$y[it$u == 1]; sum(outer(a, c, ">") + .5 * outer(a, c, "==")) / (nrow(it) + 1) }))
  add(id, case, "z", median_of(steps(y$y, y$u, y$b)), p = exact)
  add(id, case, "W_control", statistic = control, p = exact)
  # Pairs.
  g <- t[!is.na(t$yp) & !is.na(t$pair), ]; g <- g[order(g$pair), ]
  d <- round(g$yp[g$v == 1] - g$yp[g$v == 0], 9); used <- d[d != 0]
  test <- wilcox.exact(used); walsh <- outer(used, used, "+") / 2; walsh <- sort(walsh[upper.tri(walsh, TRUE)])
  reach <- qsignrank(.025, length(used))
  case <- "signed_rank y=yp z=v block=pair"
  add(id, case, "z", median(walsh), p = test$p.value, low = walsh[reach], high = rev(walsh)[reach])
  add(id, case, "V", statistic = test$statistic, p = test$p.value)
  add(id, case, "sign_test", statistic = sum(d > 0), p = binom.test(sum(d > 0), length(used))$p.value)
  p <- t.test(g$yp[g$v == 1], g$yp[g$v == 0], paired = TRUE)
  add(id, "paired_t y=yp z=v block=pair", "z", p$estimate, p$stderr, p$statistic, p$parameter, p$p.value, p$conf.int[1], p$conf.int[2])

  # Quantiles, with Woodruff's standard error.
  woodruff <- function(x, p) {
    h <- qnorm(.975) * sqrt(p * (1 - p) / length(x))
    if (p - h < 0 || p + h > 1) NA else unname(diff(quantile(x, c(p - h, p + h)))) / (2 * qnorm(.975))
  }
  for (share in c(.1, .25, .5, .75, .9)) {
    a <- y$y[y$u == 1]; c <- y$y[y$u == 0]; se <- sqrt(woodruff(a, share)^2 + woodruff(c, share)^2)
    gap <- unname(quantile(a, share) - quantile(c, share))
    if (is.na(se) || se == 0) add(id, "quantiles z=u", paste0("q", 100 * share), gap) else normal(id, "quantiles z=u", paste0("q", 100 * share), gap, se)
  }
}
write_values("ranks_values.csv")
